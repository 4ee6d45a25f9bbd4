"""What belongs to the lessons: their syllabus, the statements, the named mistakes, and a folder for each lesson."""
