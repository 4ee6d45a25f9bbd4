"""What was handed in, before it runs: still the untouched stub? a function of the right arguments?"""

import ast
import dis
import functools
import inspect
import textwrap
from types import FunctionType, MethodType

from .describe import describe, short, without_addresses
from .plain import Strange, settle

# The instructions, in any Python from 3.11, of a function that does nothing, and of one that only raises.
CONSTANTS = {"LOAD_CONST", "RETURN_CONST", "LOAD_SMALL_INT"}
QUIET = {"RESUME", "NOP", "CACHE", "COPY_FREE_VARS", "RETURN_VALUE"} | CONSTANTS
RAISING = QUIET | {"LOAD_GLOBAL", "PUSH_NULL", "PRECALL", "CALL", "RAISE_VARARGS"}


def untouched(answer) -> bool:
    """Whether it is a stub: its body is ..., pass, a docstring or raise NotImplementedError and no more."""
    function = _innermost(answer)
    if type(function) is FunctionType:
        return _does_nothing(function.__code__)
    return function is Ellipsis


def _innermost(answer):
    for _ in range(10):
        if type(answer) is functools.partial:
            answer = answer.func
        elif type(answer) is MethodType:
            answer = answer.__func__
    return answer


def _does_nothing(code):
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        return False
    instructions = list(dis.get_instructions(code))
    operations = {instruction.opname for instruction in instructions}
    if code.co_names == ("NotImplementedError",):
        return "RAISE_VARARGS" in operations and operations <= RAISING
    if not operations <= QUIET:
        return False
    returned = {instruction.argval for instruction in instructions if instruction.opname in CONSTANTS}
    if returned == {Ellipsis}:
        return True
    # `return None` and a lone number compile to the same code as `...`: only the source tells them apart
    return returned == {None} and code.co_name != "<lambda>" and _source_is_a_stub(code)


def _source_is_a_stub(code):
    try:
        [function] = ast.parse(textwrap.dedent(inspect.getsource(code))).body
    except Exception:
        return True  # no source to be had: it does nothing, and that is what a stub does
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            and (statement.value.value is Ellipsis or isinstance(statement.value.value, str)))
        for statement in getattr(function, "body", [])
    )  # fmt: skip


def unfilled(value, where=""):
    """(places that are still ..., how many entries there are) of a plain value."""
    if value is Ellipsis:
        return [where], 1
    if type(value) in (list, tuple, dict):
        pairs = value.items() if type(value) is dict else enumerate(value)
        found = [unfilled(item, f"{where}[{short(key)}]") for key, item in pairs]
        return [place for places, _ in found for place in places], sum(count for _, count in found)
    return [], 1


def unsuitable(answer, recording) -> str:
    """Why it cannot be the function that is asked for, "" if it can. Called under the time limit."""
    asked = f"{recording.name}({', '.join(recording.arguments)})"
    if issubclass(type(answer), type):
        return f"A function {asked} is asked for; this is a class."
    if not callable(answer):
        plain, _ = settle(answer)
        got = describe(plain)
        brackets = "" if answer is None or type(plain) is Strange else _without_brackets(recording)
        return f"A function {asked} is asked for; this is {got}.{brackets}"
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
        return f"Your function takes {mine}; it is called with {_counted(recording.arguments)}, as {asked}."
    return ""


def reordered(answer, arguments) -> bool:
    """Whether its arguments have the right names in another order; the check passes them by position."""
    try:
        names = [name for name in inspect.signature(answer).parameters][: len(arguments)]
    except Exception:
        return False
    return sorted(names) == sorted(arguments) and names != list(arguments)


def _counted(arguments):
    return f"{len(arguments)} argument{'s' * (len(arguments) != 1)}"


def _without_brackets(recording):
    return f' Hand in the function itself: check("{recording.id}", {recording.name}), without calling it.'
