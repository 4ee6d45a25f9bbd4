"""The engine of the exercises: it knows no lesson."""
