"""What was handed in, before it runs: still the untouched stub? a function of the right arguments?"""

import ast
import inspect
import textwrap

from .describe import describe, short, without_addresses
from .plain import Strange, settle


def untouched(answer) -> bool:
    """Whether it is still the stub: ..., or a function that says nothing but ..., pass, a docstring or that it is
    not implemented."""
    function = getattr(answer, "func", answer)  # of a functools.partial
    if not inspect.isfunction(function):
        return answer is Ellipsis
    try:
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        return all(map(_says_nothing, definition.body))
    except Exception:  # a lambda, or no source to be had: running it will tell
        return False


def _says_nothing(statement):
    if isinstance(statement, ast.Raise):
        return ast.unparse(statement).startswith("raise NotImplementedError")
    if isinstance(statement, ast.Expr | ast.Return) and isinstance(statement.value, ast.Constant):
        nothing = statement.value.value
        return nothing is Ellipsis or (isinstance(statement, ast.Expr) and isinstance(nothing, str))
    return isinstance(statement, ast.Pass)


def unfilled(value, where=""):
    """(places that are still ..., how many entries there are) of a plain value."""
    if value is Ellipsis:
        return [where], 1
    if isinstance(value, list | tuple | dict):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        found = [unfilled(item, f"{where}[{short(key)}]") for key, item in pairs]
        return [place for places, _ in found for place in places], sum(count for _, count in found)
    return [], 1


def unsuitable(answer, recording) -> str:
    """Why it cannot be the function that is asked for, "" if it can."""
    asked = f"{recording.name}({', '.join(recording.arguments)})"
    if inspect.isclass(answer):
        return f"A function {asked} is asked for; this is a class."
    if not callable(answer):
        plain, _ = settle(answer)
        brackets = f' Hand in the function itself: check("{recording.id}", {recording.name}), without calling it.'
        brackets = "" if answer is None or isinstance(plain, Strange) else brackets
        return f"A function {asked} is asked for; this is {describe(plain)}.{brackets}"
    if inspect.iscoroutinefunction(answer) or inspect.isasyncgenfunction(answer):
        return "This is an async function: write def instead of async def."
    if inspect.isgeneratorfunction(answer):
        return "This function has a yield in it, so it returns a generator: use return instead."
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""  # a function written in C may not say; calling it will show
    try:
        signature.bind(*recording.arguments)
    except TypeError:
        mine = without_addresses(str(signature.replace(return_annotation=inspect.Signature.empty)))[:120]
        count = f"{len(recording.arguments)} argument{'s' * (len(recording.arguments) != 1)}"
        return f"Your function takes {mine}; it is called with {count}, as {asked}."
    return ""


def reordered(answer, arguments) -> bool:
    """Whether its arguments have the right names in another order; the check passes them by position."""
    try:
        names = list(inspect.signature(answer).parameters)[: len(arguments)]
    except (TypeError, ValueError):
        return False
    return sorted(names) == sorted(arguments) and names != list(arguments)
