"""An exercise: its statement, inputs, reference, hints and known wrong answers, side by side in one class.

A bank (lessons/lesson_NN/exercises.py) writes one subclass of Exercise for each exercise and lists them in EXERCISES.
"""

from collections.abc import Callable
from dataclasses import dataclass

from helpers.compare import near


@dataclass(frozen=True)
class Close:
    """How near is near enough, for float (or complex) arrays of one shape, entry by entry.

    rtol      how far off an entry may be, as a share of the largest one (helpers.compare.near); 0 asks for equality
    """

    rtol: float = 1e-9

    def accepts(self, given, expected, scale=None):
        return near(given, expected, self.rtol, scale)


@dataclass(frozen=True)
class Wrong:
    """A known mistake.

    name      a key of helpers.lessons.mistakes.MISTAKES
    function  computes what a student with this misconception hands in; takes the exercise's arguments
    message   what that student reads: specific, says where to read again, never gives the answer. Which items of a
              dict, list or tuple are right, the checker says; the message speaks of the wrong ones only
    """

    name: str
    function: Callable
    message: str


class Exercise:
    """One exercise. A subclass sets the attributes and writes `cases` and `solution`."""

    id: str  # "lesson.number", such as "1.1"
    title: str
    points: int = 1
    name: str  # of the stub in the notebook: a function, or a variable if `arguments` is None
    arguments: tuple[str, ...] | None = None  # None: the answer is a value, not a function
    returns: str = ""  # what to return, in words: "a float", "a column (N, 1)"
    structure_is_asked: bool = False  # True: no message tells the kind, length or shape of a right answer
    derivation_is_asked: bool = False  # True: what was measured or searched is sent back, however exact it is
    measured_within: float = 1e-5  # how far off that may be and still be known as such: a usual difference quotient
    follows: tuple = ()  # keys or indices of parts that follow from the others: not judged while one of these is wrong
    tolerance: Close = Close()
    seconds: float = 5.0  # for all cases together
    hints: tuple[str, ...] = ()  # from vague to concrete
    because: str = ""  # the line of reasoning shown with the solution
    mistakes: tuple[Wrong, ...] = ()
    draws_more = False  # True on the copy from which hidden tests are drawn

    def cases(self, rng):
        """Yield dicts argument -> input, drawn with the numpy Generator `rng`; a value exercise has one, {}."""
        yield {}

    def more(self, *sizes):
        """Sizes, or whatever else a loop of `cases` is about, that only hidden tests draw (classroom/hidden.py)."""
        return sizes if self.draws_more else ()

    def solution(self):
        """The reference. Takes the exercise's arguments; for a value exercise, none."""
        raise NotImplementedError(f"{type(self).__name__} has no solution yet")
