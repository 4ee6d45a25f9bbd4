"""Index notation: products of entries, and one rule for their sums (Neoh, sections 2 to 5).

    A, b = Array("A", a), Array("b", v)
    A["ik"] * b["k"]               prints as it is written: A_ik b_k
    (A["ik"] * b["k"]).to("i")     the array with the free index i; k is absent on the left and is summed

The output-index rule: `.to(...)` names the indices of the left side, and exactly the others are summed. Arrays may have
any number of axes, none of which is a row or a column; what einsum is asked to do can be read before it is done.
"""

from math import prod
from string import ascii_letters

import numpy as np

from helpers.numerical import numerical_jacobian
from helpers.shapes import described, finite

_THIN = r"\,"  # LaTeX's space between two factors


class Array:
    """An array with a name. `A["ij"]` gives its axes letters, one each, and is a Product of one factor.

    values:  float64 of any number of axes, or complex for the complex step.
    Raises TypeError for a name that is no text and what is no such array, ValueError for an entry that is not finite;
    and where letters are given to it, ValueError for another number of letters than axes.
    """

    def __init__(self, name, values):
        if not isinstance(name, str):
            raise TypeError(
                f"expected a name and then the array, such as Array('A', values), got {described(name)} first"
            )
        if type(values) is not np.ndarray:  # np.matrix and masked arrays have rules of their own
            raise TypeError(f"expected {name} to be an array, got {described(values)}; use np.array(...)")
        self.name, self.values = name, finite(values, name)

    def __getitem__(self, letters):
        return Product([Factor(self, _letters(letters, self.values.ndim, self.name))])

    def lengths(self, letters):
        return list(zip(letters, self.values.shape, strict=True))

    def as_array(self, lengths):
        return self.values

    def written(self, letters):
        return f"{self.name}_{letters}" if letters else self.name

    def latex(self, letters):
        return f"{self.name}_{{{letters}}}" if letters else self.name

    def code(self, lengths):
        return self.name

    def __repr__(self):
        return f"{self.name}, shape {self.values.shape}"


class Derivative(Array):
    """∂A/∂B as a formula: `Derivative(Y, Z, slope["ab"] * delta["ac"] * delta["bd"], "ab", "cd")`.

    of, by:   the Arrays Y and Z. The derivative has the axes of Y and then those of Z (Neoh, N12).
    formula:  an expression whose free indices are the letters of both. `D["ij", "kl"]` is the entry ∂Y_ij/∂Z_kl, a
              factor as any other; `.expanded()` of a product puts the formula in its place, capturing no letter.

    Raises TypeError for what is no Array or no expression, ValueError where the letters do not fit the arrays or the
    formula.
    """

    def __init__(self, of, by, formula, of_letters, by_letters):
        for array in (of, by):
            if not isinstance(array, Array):
                raise TypeError(f"expected an Array such as Array('Y', values), got {described(array)}")
        self.of, self.by, self.formula, self.name = of, by, formula, f"d{of.name}_d{by.name}"
        self.letters = self._both((of_letters, by_letters))
        _check_output(_expression(formula), self.letters)
        self._lengths()

    def __getitem__(self, letters):
        return Product([Factor(self, self._both(letters))])

    def _both(self, letters):
        axes = self.of.values.ndim, self.by.values.ndim
        if isinstance(letters, str):
            letters = letters[: axes[0]], letters[axes[0] :]
        if not (isinstance(letters, tuple) and len(letters) == 2):
            raise ValueError(f"expected the letters of both arrays of {self.name}, such as 'ij', 'kl', got {letters!r}")
        of, by = letters
        of = _letters(of, axes[0], f"the {self.of.name} of {self.name}")
        return of + _letters(by, axes[1], f"the {self.by.name} of {self.name}")

    @property
    def values(self):
        return self.formula._array(self.letters, self._lengths())

    def _lengths(self):
        """The lengths of all indices of the formula: those of a δ may be known from the two arrays only."""
        return self.formula.lengths(dict(self.lengths(self.letters)))

    def lengths(self, letters):
        return list(zip(letters, self.of.values.shape + self.by.values.shape, strict=True))

    def written(self, letters):
        split = self.of.values.ndim
        return f"∂{self.of.written(letters[:split])}/∂{self.by.written(letters[split:])}"

    def latex(self, letters):
        split = self.of.values.ndim
        return rf"\frac{{\partial {self.of.latex(letters[:split])}}}{{\partial {self.by.latex(letters[split:])}}}"

    def formula_with(self, letters, taken):
        """The formula in other letters; those that it sums get letters that are not taken."""
        own = [letter for letter in self.formula.letters() if letter not in self.letters]
        free = [letter for letter in ascii_letters if letter not in taken][: len(own)]
        return self.formula._in_letters(dict(zip(self.letters + "".join(own), [*letters, *free], strict=True)))

    def __repr__(self):
        return f"{self.written(self.letters)} = {self.formula}"


class _Symbol:
    """An array that has whatever lengths its indices have elsewhere; `make` builds it from the length of the first."""

    def __init__(self, name, latex, axes, make):
        self.name, self._latex, self.axes, self.make = name, latex, axes, make

    def __getitem__(self, letters):
        return Product([Factor(self, _letters(letters, self.axes, self.name))])

    def lengths(self, letters):
        return []

    def as_array(self, lengths):
        return self.make(lengths[0])

    def written(self, letters):
        return f"{self.name}_{letters}"

    def latex(self, letters):
        return f"{self._latex}_{{{letters}}}"

    def code(self, lengths):
        return f"np.{self.make.__name__}({lengths[0]})"


delta = _Symbol("δ", r"\delta", 2, np.eye)  # Kronecker's: 1 where its two indices are equal, and 0 elsewhere
one = _Symbol("1", "1", 1, np.ones)  # so that one["i"] * b["j"] has the index i as well


class Factor:
    """An array whose axes have got letters."""

    def __init__(self, array, letters):
        self.array, self.letters = array, letters

    def __str__(self):
        return self.array.written(self.letters)


class Sum:
    """Products of entries that are added up; each is summed over its own indices that are absent on the left.

    `+`, `-` and `*` put expressions together; nothing is computed before `.to`.
    """

    __array_ufunc__ = None  # numpy then leaves `array * expression` to us, and it is refused

    def __init__(self, terms):
        self.terms = tuple(terms)

    def to(self, output):
        """The array with the indices `output`, in that order; every index that is absent there is summed.

        A number if output is "". Raises ValueError for an index of two lengths or of none that is known, for an output
        index that occurs nowhere or twice, and for a term of a sum without one of the output indices.
        """
        found = self._array(output, self._checked(output))
        return found if output else found.item()

    def _array(self, output, lengths):
        return sum(term.coefficient * _einsum(term, output, lengths) for term in self.terms)

    def einsum(self, output):
        """The calls that `.to(output)` makes, as code."""
        lengths = self._checked(output)

        def call(term):
            arrays = ", ".join(f.array.code([lengths[letter] for letter in f.letters]) for f in term.factors)
            return f'np.einsum("{_subscripts(term, output)}", {arrays}, optimize=True)'

        return _joined(self, call, lambda number: f"{number} * ")

    def explain(self, output):
        """In words, which indices stay and which are summed."""
        self._checked(output)
        counts = {letter: max(t.count(letter) for t in self.terms) for letter in self.letters()}
        stay = [
            f"{letter}, though it occurs {_times(counts[letter])}" if counts[letter] > 1 else letter
            for letter in output
        ]
        summed = [letter for letter in counts if letter not in output]
        left = f"on the left, not summed: {'; '.join(stay)}" if stay else "nothing on the left: the result is a number"
        return f"{left}. Summed: {', '.join(summed) or 'nothing'}."

    def letters(self):
        """The letters in the order in which they first occur."""
        return "".join(dict.fromkeys(letter for term in self.terms for f in term.factors for letter in f.letters))

    def lengths(self, given=()):
        """{letter: the length of its axes}, as far as arrays tell it, or `given` does; those of a δ are equal.

        Raises ValueError for an index that has two lengths.
        """
        known = {letter: (length, "the derivative") for letter, length in dict(given).items()}  # (length, where)
        for f in (f for term in self.terms for f in term.factors):
            for letter, length in f.array.lengths(f.letters):
                before, where = known.setdefault(letter, (length, f))
                if before != length:
                    raise ValueError(f"the index {letter} has length {before} in {where} and {length} in {f}")
        deltas = [f for term in self.terms for f in term.factors if f.array is delta]
        for _ in deltas:
            for f in deltas:
                i, j = f.letters
                if i in known and j in known and known[i][0] != known[j][0]:
                    raise ValueError(
                        f"{f} needs two indices of one length, {i} has {known[i][0]} and {j} {known[j][0]}"
                    )
                for one_of, other in ((i, j), (j, i)):
                    if one_of in known:
                        known.setdefault(other, (known[one_of][0], f))
        return {letter: length for letter, (length, _) in known.items()}

    def _checked(self, output):
        _check_output(self, output)
        lengths = self.lengths()
        for letter in self.letters():
            if letter not in lengths:
                raise ValueError(f"the length of the index {letter} is not known: no array in {self} has it")
        return lengths

    def __add__(self, other):
        return Sum([*self.terms, *_expression(other).terms])

    def __radd__(self, other):
        return _expression(other) + self  # which refuses: an expression has its own sum

    __rsub__ = __radd__

    def __sub__(self, other):
        return self + -_expression(other)

    def __mul__(self, other):
        if isinstance(other, int | float | np.integer | np.floating):
            other = float(other)
            return _sum([Product(term.factors, other * term.coefficient) for term in self.terms])
        pairs = [(mine, its) for mine in self.terms for its in _expression(other).terms]
        return _sum([Product([*mine.factors, *its.factors], mine.coefficient * its.coefficient) for mine, its in pairs])

    __rmul__ = __mul__

    def __neg__(self):
        return -1 * self

    def __str__(self):
        return _joined(self, lambda term: " ".join(map(str, term.factors)))

    __repr__ = __str__

    def _repr_latex_(self):
        return f"${_joined(self, lambda term: _THIN.join(f.array.latex(f.letters) for f in term.factors))}$"

    def _in_letters(self, new):
        """The same in other letters, {old: new}; letters that are not named stay."""
        return _sum([term._in_letters(new) for term in self.terms])


class Product(Sum):
    """A number times entries of arrays: factors, each with its letters. It is a sum of one term."""

    def __init__(self, factors, coefficient=1):
        self.factors, self.coefficient, self.terms = tuple(factors), coefficient, (self,)

    def count(self, letter):
        """How often a letter occurs."""
        return sum(f.letters.count(letter) for f in self.factors)

    def by_repeats(self, output=None):
        """The sum over every index that occurs twice, the rule as Neoh's note prints it (F5); the others stay in order.

        With an output, raises ValueError where the rule would sum an index that stands there.
        """
        if output is not None:
            _check_output(self, output)
        stay = "".join(letter for letter in self.letters() if self.count(letter) == 1)
        for letter in output or "":
            if letter not in stay:
                raise ValueError(
                    f"{letter} stands on the left and occurs {_times(self.count(letter))} in {self}: by the rule of "
                    f"repeats it would be summed and could not stand there; .to({output!r}) sums what is absent"
                )
        return self.to(stay if output is None else output)

    def renamed(self, **letters):
        """The product in other letters: `.renamed(i="p", k="q")`.

        Raises ValueError for what is no letter, and where a new one is in use already, so that two indices would
        become one.
        """
        kept = set(self.letters()) - set(letters)
        for old, new in letters.items():
            _check_letter(new)
            if old not in set(self.letters()):
                raise ValueError(f"there is no index {old} in {self}")
            if new in kept or list(letters.values()).count(new) > 1:
                raise ValueError(
                    f"{new} is in use in {self}: {old} and {new} would become one index; take another letter"
                )
        return self._in_letters(letters)

    def expanded(self):
        """The product with the formula in the place of every Derivative; the letters that are summed stay apart."""
        found, taken = Product([], self.coefficient), set(self.letters())
        for f in self.factors:
            part = f.array.formula_with(f.letters, taken) if isinstance(f.array, Derivative) else Product([f])
            taken |= set(part.letters())
            found = found * part
        return found

    def contract(self, letter):
        """The same without the δ that holds `letter`, which is summed: the δ is 1 where its other index equals it.

        Raises ValueError if no δ holds the letter.
        """
        _check_letter(letter)
        for number, f in enumerate(self.factors):
            if f.array is delta and letter in f.letters and f.letters[0] != f.letters[1]:
                other = f.letters.replace(letter, "")
                rest = Product([*self.factors[:number], *self.factors[number + 1 :]], self.coefficient)
                return rest._in_letters({letter: other})
        raise ValueError(f"no δ with the index {letter} in {self}")

    def bytes(self):
        """The bytes of all factors, 8 for an entry, each δ and each derivative as an array that is written out."""
        lengths = self._checked("")
        return 8 * sum(prod(lengths[letter] for letter in f.letters) for f in self.factors)

    def _in_letters(self, new):
        return Product(
            [Factor(f.array, "".join(new.get(letter, letter) for letter in f.letters)) for f in self.factors],
            self.coefficient,
        )


def derivative_array(f, B):
    """∂f/∂B at the array B, measured: an array with the axes of f(B) and then those of B (Neoh, N12).

    f takes an array of B's shape and returns an array or a number. Raises TypeError where B is no array, else as
    `numerical_jacobian` does.
    """
    if not isinstance(B, np.ndarray):
        raise TypeError(f"expected B to be an array, got {described(B)}; use np.array(...)")
    A = np.asarray(f(B))
    column = lambda b: np.asarray(f(b.reshape(B.shape))).reshape(-1, 1)
    return numerical_jacobian(column, B.reshape(-1, 1), "auto").reshape(A.shape + B.shape)


def _einsum(term, output, lengths):
    arrays = [f.array.as_array([lengths[letter] for letter in f.letters]) for f in term.factors]
    return np.einsum(_subscripts(term, output), *arrays, optimize=True)


def _subscripts(term, output):
    return f"{','.join(f.letters for f in term.factors)}->{output}"


def _check_output(expression, output):
    if not isinstance(output, str) or not all(letter in ascii_letters for letter in output):
        raise ValueError(f"expected the output indices as letters, such as 'ij', got {output!r}")
    for letter in output:
        if output.count(letter) > 1:
            raise ValueError(
                f"the output index {letter} stands twice in {output!r}; give each axis a letter of its own"
            )
        for term in expression.terms:
            if letter not in term.letters():
                if len(expression.terms) == 1:
                    raise ValueError(f"the output index {letter} does not occur in {expression}")
                raise ValueError(
                    f"the output index {letter} does not occur in the term {term}; all terms of a sum have the "
                    f"same free indices: write one[{letter!r}] * ... for a term that is the same for every {letter}"
                )


def _letters(letters, count, name):
    if not isinstance(letters, str) or not all(letter in ascii_letters for letter in letters):
        raise ValueError(f"expected letters for the axes of {name}, such as 'ij', got {letters!r}")
    if len(letters) != count:
        raise ValueError(
            f"{name} has {count} {'axis' if count == 1 else 'axes'}, got "
            f"{len(letters)} letter{'' if len(letters) == 1 else 's'} in {letters!r}; write one letter for each axis"
        )
    return letters


def _check_letter(letter):
    if not isinstance(letter, str) or len(letter) != 1 or letter not in ascii_letters:
        raise ValueError(f"expected one letter for an index, such as 'i', got {letter!r}")


def _expression(other):
    if not isinstance(other, Sum):
        raise TypeError(f"expected a product of entries such as b['k'], got {described(other)}")
    return other


def _sum(terms):
    return terms[0] if len(terms) == 1 else Sum(terms)


def _joined(expression, write, times="{:g} ".format):
    """The terms as `write` writes them, with their signs, and coefficients as `times` writes them."""
    text = ""
    for term in expression.terms:
        sign = ("-", " - ") if term.coefficient < 0 else ("", " + ")
        factor = "" if abs(term.coefficient) == 1 else times(abs(term.coefficient))
        text += f"{sign[bool(text)]}{factor}{write(term)}"
    return text


def _times(count):
    return "twice" if count == 2 else f"{count} times"
