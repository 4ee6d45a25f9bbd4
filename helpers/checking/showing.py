"""The reference solution as a student would have written it: the stub's name and arguments, no self."""

import ast
import inspect
import textwrap

from .exercise import Exercise


def show_solution(exercise: Exercise) -> str:
    """The solution's source, and the line of reasoning behind it."""
    return "\n\n".join(filter(None, [solution_source(exercise), exercise.because]))


def solution_source(exercise: Exercise) -> str:
    """The source of `solution` under the stub's name: a function, or an assignment if a value is asked for."""
    source = textwrap.dedent(inspect.getsource(type(exercise).solution))
    [function] = ast.parse(source).body
    if exercise.arguments is None and isinstance(function.body[0], ast.Return):
        value = ast.get_source_segment(source, function.body[0].value)
        return f"{exercise.name} = {value}".replace("\n    ", "\n")
    body = _body(source, function)
    if exercise.arguments is None:
        return f"def {exercise.name}_():\n{body}\n\n{exercise.name} = {exercise.name}_()"
    return f"def {exercise.name}({', '.join(exercise.arguments)}):\n{body}"


def _body(source, function):
    """The lines of the body, with the comments above its first statement."""
    lines, first = source.rstrip().splitlines(), function.body[0].lineno - 1
    if function.body[0].lineno == function.lineno:
        return "    " + lines[0][function.body[0].col_offset :]
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return "\n".join(lines[first:])
