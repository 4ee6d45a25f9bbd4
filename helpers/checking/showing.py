"""The reference solution as a student would have written it: the stub's name and arguments, no self."""

import inspect
import textwrap

from .exercise import Exercise


def show_solution(exercise: Exercise) -> str:
    """The solution's source, and the line of reasoning behind it."""
    return "\n\n".join(filter(None, [solution_source(exercise), exercise.because]))


def solution_source(exercise: Exercise) -> str:
    """The source of `solution` under the stub's name: a function, or an assignment of what `solution` returns."""
    source = textwrap.dedent(inspect.getsource(type(exercise).solution)).rstrip()
    if exercise.arguments is not None:
        return source.replace("def solution(self, ", f"def {exercise.name}(", 1)
    return textwrap.dedent(source.split("\n", 1)[1]).replace("return", f"{exercise.name} =", 1)
