"""The exercises of lesson 14: six sums by einsum, contraction of pairs of axes, N14 repaired, and what comes out."""

import itertools

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

RULE, PAIRS, CHAIN = slips.see(
    "Which letters are summed?", "One axis of A meets one axis of B", "The chain rule is a contraction"
)
WRONG = slips.see("What can go wrong")[0]


def _six(A, B, C, u, v):
    return {
        "a": np.einsum("ij,jk->ik", A, B),
        "b": np.einsum("ij,jk->ki", A, B),
        "c": float(np.einsum("i,ij,j->", u, A, v)),
        "d": np.einsum("ij,ij->i", A, C),
        "e": np.einsum("i,j->ij", u, v),
        "f": np.einsum("ij,j->ij", A, v),
    }


def _but(**entries):
    """The right dict but for some entries, functions of the arguments."""
    return lambda *inputs: _six(*inputs) | {key: entry(*inputs) for key, entry in entries.items()}


def _sums(letters):
    """An entry of A and B with another string."""
    return lambda A, B, C, u, v: np.einsum(letters, A, B)


class SixExpressions(Exercise):
    id = "14.1"
    title = "Six expressions"
    points = 2
    name = "six"
    arguments = ("A", "B", "C", "u", "v")
    returns = "a dict with the keys a to f: arrays, and a float for c"
    hints = (
        "Before each arrow stand the letters of the arrays, a comma between them; behind it the letters of the left "
        "side, in their order.",
        "For three arrays there are three groups of letters, with two commas.",
        "In each string, cross out the letters behind the arrow. What is left over is summed, and nothing else.",
    )
    because = "The strings are copied from the formulas; behind the arrow stands the left side."
    mistakes = (
        Wrong("transposed", _but(b=_sums("ij,jk->ik")),
              f"The order of the letters on the left is the order of the axes. {WRONG}"),
        Wrong("transposed", _but(a=_sums("ij,jk->ki")),
              f"In the first entry the axes have changed places. {WRONG}"),
        Wrong("transposed", _but(a=_sums("ij,jk->ki"), b=_sums("ij,jk->ik")),
              f"The two products of A and B have their axes in the wrong order, each that of the other. {WRONG}"),
        Wrong("not summed", _but(a=_sums("ij,jk->ijk"), b=_sums("ij,jk->kij")),
              f"j does not stand on the left of the two products of A and B, and yours have it. {RULE}"),
        Wrong("not summed", _but(a=_sums("ij,jk->ijk")), f"j stays in a. Does it stand on the left? {RULE}"),
        Wrong("summed too early", _but(a=_sums("ij,jk->i")), f"In a, one letter of the left side is summed. {RULE}"),
        Wrong("reshaped", _but(b=lambda A, B, C, u, v: (A @ B).reshape(B.shape[1], -1)),
              "reshape fills the numbers in again in their order; it does not exchange axes."),
        Wrong("not summed", _but(c=lambda A, B, C, u, v: u.reshape(-1, 1) * A * v),
              f"c has nothing on the left, and your array is not summed yet. {RULE}"),
        Wrong("not summed", _but(c=lambda A, B, C, u, v: u * (A @ v)),
              f"In c one letter is still there. {RULE}"),
        Wrong("not summed", _but(c=lambda A, B, C, u, v: (u @ A) * v),
              f"In c one letter is summed, and the other is still there. {RULE}"),
        Wrong("term missing", _but(c=lambda A, B, C, u, v: float((A @ v).sum())),
              "u does not enter c."),
        Wrong("term missing", _but(c=lambda A, B, C, u, v: float((u @ A).sum())),
              "v does not enter c."),
        Wrong("term missing", _but(c=lambda A, B, C, u, v: float(A.sum())),
              "Neither of the vectors enters c."),
        Wrong("summed too early", _but(c=lambda A, B, C, u, v: float(u.sum() * A.sum() * v.sum())),
              f"In c each array is added up for itself. The entries that have one letter in common are multiplied "
              f"first. {RULE}"),
        Wrong("summed too early", _but(d=lambda A, B, C, u, v: float((A * C).sum())),
              f"In d every letter that occurs twice is summed. Which one stands on the left? {RULE}"),
        Wrong("not summed", _but(d=lambda A, B, C, u, v: A * C),
              f"In d a letter is absent on the left, and it is still there. {RULE}"),
        Wrong("wrong axis", _but(d=lambda A, B, C, u, v: (A * C).sum(axis=0)),
              f"In d the other letter is summed. Which one stands on the left? {RULE}"),
        Wrong("elementwise product", _but(d=lambda A, B, C, u, v: A @ C.T),
              f"In d a matrix product is formed. There the first letters of A and C would differ. {RULE}"),
        Wrong("summed too early", _but(d=lambda A, B, C, u, v: A.sum(axis=1) * C.sum(axis=1)),
              f"In d the rows are added up before they are multiplied. {RULE}"),
        Wrong("axis too many", _but(d=lambda A, B, C, u, v: (A * C).sum(axis=1, keepdims=True)),
              "d has one letter on the left, and so one axis."),
        Wrong("transposed", _but(e=lambda A, B, C, u, v: np.outer(v, u)),
              f"In e the axes have changed places. {WRONG}"),
        Wrong("summed too early", _but(e=lambda A, B, C, u, v: float(u.sum() * v.sum())),
              f"In e both letters stand on the left, and you have summed them. {RULE}"),
        Wrong("flattened", _but(e=lambda A, B, C, u, v: np.outer(u, v).ravel()),
              "e has two letters on the left, and so two axes."),
        Wrong("summed too early", _but(f=lambda A, B, C, u, v: A @ v),
              f"In f a letter is summed because it occurs twice. Does it stand on the left? {RULE}"),
        Wrong("wrong axis", _but(f=lambda A, B, C, u, v: A * u.reshape(-1, 1)),
              "In f the vector has the letter of the second axis of A, and you have taken the first, with u."),
        Wrong("transposed", _but(f=lambda A, B, C, u, v: (A * v).T),
              f"In f the axes have changed places. {WRONG}"),
        Wrong("summed too early", _but(f=lambda A, B, C, u, v: (A * v).sum(axis=0)),
              f"In f the first letter is summed, and it stands on the left. {RULE}"),
        Wrong("summed too early", _but(f=lambda A, B, C, u, v: (A @ v).reshape(-1, 1)),
              f"f is a matrix product of A and a column in your answer. Is a letter summed in f? {RULE}"),
        Wrong("summed too early", _but(f=lambda A, B, C, u, v: float((A * v).sum())),
              f"In f everything is added up. Which letters stand on the left? {RULE}"),
        Wrong("wrong variable", _but(d=lambda A, B, C, u, v: (A * A).sum(axis=1)),
              "In d only A occurs. What has become of C?"),
        Wrong("term missing", _but(d=lambda A, B, C, u, v: A.sum(axis=1)), "C does not enter d."),
        Wrong("summed too early", _but(a=lambda A, B, C, u, v: float((A @ B).sum())),
              f"In a all three letters are summed. {RULE}"),
        Wrong("flattened", _but(a=lambda A, B, C, u, v: (A @ B).ravel()),
              "a has two letters on the left, and so two axes."),
        Wrong("summed too early", _but(a=_sums("ij,jk->k")), f"In a the letter i is gone. Does it stand on the left? "
              f"{RULE}"),
        Wrong("summed too early", _but(b=_sums("ij,jk->k")), f"In b the letter i is gone. Does it stand on the left? "
              f"{RULE}"),
        Wrong("summed too early", _but(b=_sums("ij,jk->i")), f"In b the letter k is gone. Does it stand on the left? "
              f"{RULE}"),
        Wrong("summed too early", _but(b=lambda A, B, C, u, v: float((A @ B).sum())),
              f"In b all three letters are summed. {RULE}"),
        Wrong("not summed", _but(b=_sums("ij,jk->kij")), f"j stays in b. Does it stand on the left? {RULE}"),
        Wrong("not summed", _but(b=_sums("ij,jk->kji")), f"b has three axes in your answer. Which of its letters "
              f"stand on the left? {RULE}"),
        Wrong("summed too early", _but(e=lambda A, B, C, u, v: u * v.sum()),
              f"In e the letter j is summed. Does it stand on the left? {RULE}"),
        Wrong("summed too early", _but(e=lambda A, B, C, u, v: v * u.sum()),
              f"In e the letter i is summed. Does it stand on the left? {RULE}"),
        Wrong("summed too early", _but(f=lambda A, B, C, u, v: A @ v, d=lambda A, B, C, u, v: float((A * C).sum())),
              f"In d and f every letter that occurs twice is summed. Look at the left sides. {RULE}"),
        Wrong("reversed product", _but(b=lambda A, B, C, u, v: B @ A),
              f"In b the factors have changed places. The letters k, i ask for another order of the axes. {WRONG}"),
        Wrong("reversed product", _but(b=lambda A, B, C, u, v: A.T @ B.T),
              f"In b each factor is transposed where it stands, so that i meets k. Which axes share a letter? {RULE}"),
        Wrong("reversed product", _but(a=lambda A, B, C, u, v: B @ A),
              f"In a the factors have changed places. Which axis of A meets which of B? {RULE}"),
        Wrong("elementwise product", _but(a=lambda A, B, C, u, v: A * B),
              f"In a the two arrays are multiplied entry by entry. Which axes share a letter? {RULE}"),
        Wrong("reversed product", _but(c=lambda A, B, C, u, v: float(v @ A @ u)),
              f"In c the vectors have changed places: u has the letter of the first axis of A. {RULE}"),
        Wrong("wrong axis", _but(d=lambda A, B, C, u, v: np.diagonal(A @ C)),
              f"In d a row of A meets a column of C. Which letters does C have? {RULE}"),
        Wrong("elementwise product", _but(d=lambda A, B, C, u, v: A @ C),
              f"In d the matrix product of A and C is formed. Which letters does C have? {RULE}"),
        Wrong("elementwise product", _but(e=lambda A, B, C, u, v: u * v),
              f"In e the vectors are multiplied entry by entry. Do they share a letter? {RULE}"),
        Wrong("inner product", _but(e=lambda A, B, C, u, v: float(u @ v)),
              f"In e the inner product is formed. Do the vectors share a letter? {RULE}"),
        Wrong("wrong variable", _but(f=lambda A, B, C, u, v: A * u),
              "In f u stands in the place of v."),
        Wrong("wrong axis", _but(f=lambda A, B, C, u, v: A * v.reshape(-1, 1)),
              "In f the vector is laid along the first axis of A. Which letter does it have?"),
        Wrong("full instead of diagonal", _but(f=lambda A, B, C, u, v: np.einsum("ij,k->ijk", A, v)),
              f"In f the vector has got a letter of its own. Which one does it have in the formula? {RULE}"),
        Wrong("wrong variable", _but(d=lambda A, B, C, u, v: np.einsum("i,ij,ij->i", u, A, C)),
              "Besides A and C, one of the vectors enters your d."),
        *(Wrong("summed too early", _but(c=c),
                f"In c one of the vectors is added up for itself. It shares a letter with A. {RULE}")
          for c in (lambda A, B, C, u, v: float(u.sum() * (A @ v).sum()),
                    lambda A, B, C, u, v: float((u @ A).sum() * v.sum()))),
        Wrong("digits lost", _but(c=lambda A, B, C, u, v: int(u @ A @ v)), "In c the decimals are cut off."),
        Wrong("spelling", lambda *inputs: {key.upper(): entry for key, entry in _six(*inputs).items()},
              "The six entries are there, under capital letters: the keys are small ones."),
        *(Wrong("wrong variable", _but(e=e),
                "In e one vector stands in both places. It is made of u and of v.")
          for e in (lambda A, B, C, u, v: np.outer(u, u), lambda A, B, C, u, v: np.outer(v, v))),
        Wrong("sum for product", _but(f=lambda A, B, C, u, v: A + v),
              "In f the vector is added to the rows of A. What is written side by side is multiplied."),
        Wrong("sum for product", _but(e=lambda A, B, C, u, v: u.reshape(-1, 1) + v),
              "In e the two vectors are added. What is written side by side is multiplied."),
        Wrong("sum for product", _but(d=lambda A, B, C, u, v: (A + C).sum(axis=1)),
              "In d A and C are added. What is written side by side is multiplied."),
        Wrong("term missing", _but(c=lambda A, B, C, u, v: float(u @ v)),
              "A does not enter c."),
        Wrong("summed too early", _but(d=lambda A, B, C, u, v: (A @ C.T).sum(axis=1)),
              f"In d every row of A meets all rows of C, and all is added up. The first letters of A and C are one "
              f"letter. {RULE}"),
        Wrong("transposed", _but(a=_sums("ij,kj->ik")),
              f"In a the last axes of A and B meet. Which letter do they share? {RULE}"),
        Wrong("reversed order", _but(e=lambda A, B, C, u, v: A * v, f=lambda A, B, C, u, v: np.outer(u, v)),
              "e and f have changed places."),
        Wrong("reversed order", _but(c=lambda A, B, C, u, v: (A * C).sum(axis=1), d=lambda A, B, C, u, v: float(
              u @ A @ v)),
              "c and d have changed places."),
        Wrong("summed too early", _but(f=lambda A, B, C, u, v: A * v.sum()),
              f"In f the vector is added up for itself. It shares a letter with A. {RULE}"),
        Wrong("diagonal only", _but(d=lambda A, B, C, u, v: np.einsum("ii,ii->i", A, C)),
              f"In d only the diagonals of A and C meet: both axes have got one letter. {RULE}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N, K in (
            (3, 3, 3),
            (2, 3, 4),
            (3, 2, 5),
            *self.more((4, 2, 3), (2, 5, 1)),
        ):  # in a square, a slip gives numbers before it is refused
            yield {
                "A": rng.normal(size=(M, N)), "B": rng.normal(size=(N, K)), "C": rng.normal(size=(M, N)),
                "u": rng.normal(size=M), "v": rng.normal(size=N),
            }  # fmt: skip

    def solution(self, A, B, C, u, v):
        return {
            "a": np.einsum("ij,jk->ik", A, B),
            "b": np.einsum("ij,jk->ki", A, B),
            "c": np.einsum("i,ij,j->", u, A, v).item(),
            "d": np.einsum("ij,ij->i", A, C),
            "e": np.einsum("i,j->ij", u, v),
            "f": np.einsum("ij,j->ij", A, v),
        }


def _contract(A, B, pairs):
    return np.tensordot(A, B, axes=([p for p, _ in pairs], [q for _, q in pairs]))


def _letters(A, B, pairs):
    """Numbers for the axes, one number for the two of a pair."""
    of_A, of_B = list(range(A.ndim)), list(range(A.ndim, A.ndim + B.ndim))
    for p, q in pairs:
        of_B[q] = of_A[p]
    return of_A, of_B


def _kept(A, B, pairs):
    of_A, of_B = _letters(A, B, pairs)
    return np.einsum(A, of_A, B, of_B, list(dict.fromkeys(of_A + of_B)))


def _each_for_itself(A, B, pairs):
    A, B = A.sum(axis=tuple(p for p, _ in pairs)), B.sum(axis=tuple(q for _, q in pairs))
    return np.multiply.outer(A, B)


def _one_after_the_other(A, B, pairs):
    for pair in pairs:
        A = _contract(A, B, [pair])
    return A


def _without_transposing(A, B, pairs):
    """A matrix product of the two, reshaped as they are: right where A's axes are its last and B's its first."""
    left = _contract(A, B, pairs).shape
    length = int(np.prod([A.shape[p] for p, _ in pairs]))
    return (A.reshape(-1, length) @ B.reshape(length, -1)).reshape(left)


def _of_one_array_only(A, B, pairs, of_A):
    """The axes that are left of the other array are summed."""
    a, b = A.ndim - len(pairs), B.ndim - len(pairs)
    return _contract(A, B, pairs).sum(axis=tuple(range(a, a + b) if of_A else range(a)))


def _traces(A, B, pairs, shift):
    """Along two axes of the table of all products for each pair, with A's number of axes forgotten if shift is 0."""
    table = np.multiply.outer(A, B)
    for p, q in pairs:
        table = np.trace(table, axis1=p, axis2=q + shift * A.ndim)
    return table


def _unpacked(pairs):
    of_A, of_B = zip(*pairs, strict=False)
    return of_A, of_B


def _two_unpacked(A, B, pairs):
    first, second = pairs
    return _contract(A, B, [first, second])


def _one_unpacked(A, B, pairs):
    (pair,) = pairs
    return _contract(A, B, [pair])


def _last_turn(A, B, pairs):
    for pair in pairs:
        result = _contract(A, B, [pair])
    return result


def _one_letter(A, B, pairs):
    of_A, of_B = list(range(A.ndim)), list(range(A.ndim, A.ndim + B.ndim))
    for p, q in pairs:
        of_A[p] = of_B[q] = 20
    return np.einsum(A, of_A, B, of_B, [k for k in of_A + of_B if k != 20])


def _same_letters(A, B, pairs, left):
    """What comes out if the axes of B are lettered like those of A; left(a, b) are the letters of the result."""
    of_A, of_B = list(range(A.ndim)), list(range(B.ndim))
    for p, q in pairs:
        of_B[q] = of_A[p]
    return np.einsum(A, of_A, B, of_B, left(of_A, of_B))


class OrderedPairs(Exercise):
    id = "14.2"
    title = "Contraction over ordered pairs"
    points = 2
    name = "contract"
    arguments = ("A", "B", "pairs")
    returns = "an array"
    hints = (
        "Give every axis of A a letter of its own, and every axis of B another one. What does a pair change?",
        "In a list of B's letters, put the letter of A's axis in the place of B's, for each pair.",
        "The letters of the result are those that are in one of the two lists only, in their order. A string with "
        "commas and an arrow can be put together from lists by ''.join.",
    )
    because = "Each pair gets one letter, the others stand in the result; tensordot does the same with two lists."
    mistakes = (
        Wrong("wrong axis", lambda A, B, pairs: np.tensordot(
              A, B, axes=([p for p, _ in pairs], sorted(q for _, q in pairs))),
              f"The axes of B are taken in the order of their numbers. The pairs say which meets which. {PAIRS}"),
        Wrong("wrong axis", lambda A, B, pairs: np.tensordot(
              A, B, axes=(sorted(p for p, _ in pairs), [q for _, q in pairs])),
              f"The axes of A are taken in the order of their numbers, those of B in that of the list. {PAIRS}"),
        Wrong("wrong axis", lambda A, B, pairs: np.tensordot(
              A, B, axes=(sorted(p for p, _ in pairs), sorted(q for _, q in pairs))),
              f"In both arrays the axes are taken in the order of their numbers. The pairs say which meets which. "
              f"{PAIRS}"),
        Wrong("constant factor", lambda A, B, pairs: _contract(A, B, pairs) / max(1, np.prod(
              [A.shape[p] for p, _ in pairs])),
              f"You take the mean over the axes that meet. A contraction is a sum. {PAIRS}"),
        Wrong("reversed order", lambda A, B, pairs: _contract(B, A, [(q, p) for p, q in pairs]),
              f"The axes that are left of B stand before those of A. {PAIRS}"),
        Wrong("not summed", _kept, f"The axes of a pair are still there once. They should be gone. {PAIRS}"),
        Wrong("not summed", lambda A, B, pairs: np.einsum(A, _letters(A, B, pairs)[0], B, _letters(A, B, pairs)[1], [
              *(k for k in range(A.ndim) if k not in _letters(A, B, pairs)[1]), *_letters(A, B, pairs)[1]]),
              f"The axes of B are all there. Those of a pair should be gone from both arrays. {PAIRS}"),
        Wrong("not summed", lambda A, B, pairs: np.multiply.outer(A, B),
              f"These are the products of all entries with all. What do the pairs change? {PAIRS}"),
        Wrong("first only", lambda A, B, pairs: _contract(A, B, pairs[:1]),
              f"Only the first pair is contracted. {PAIRS}"),
        Wrong("last dropped", lambda A, B, pairs: _contract(A, B, pairs[:-1]),
              f"The last pair is not contracted. {PAIRS}"),
        Wrong("first only", lambda A, B, pairs: _contract(A, B, pairs[-1:]),
              f"Only one pair is contracted, the last: each pair of the list counts. {PAIRS}"),
        Wrong("summed too early", _each_for_itself,
              f"Each array is added up for itself. Entries that have one letter in common are multiplied first. "
              f"{PAIRS}"),
        Wrong("transposed", lambda A, B, pairs: _contract(A, B, pairs).T,
              f"All axes of the result stand in the reverse order. {PAIRS}"),
        Wrong("flattened", lambda A, B, pairs: _contract(A, B, pairs).ravel(),
              f"The numbers are right, in one long row. Every axis that is left stays an axis. {PAIRS}"),
        Wrong("summed too early", lambda A, B, pairs: float(_contract(A, B, pairs).sum()),
              f"Everything is added up. The axes that are in no pair stay. {PAIRS}"),
        Wrong("reversed order", lambda A, B, pairs: _contract(A, B, [(q, p) for p, q in pairs]),
              f"The first number of a pair counts the axes of A, the second those of B. You read them the other way "
              f"round. {PAIRS}"),
        Wrong("argument ignored", lambda A, B, pairs: np.tensordot(A, B, len(pairs)),
              f"You contract as many axes as there are pairs, but not the ones they name: the last of A meet the "
              f"first of B. {PAIRS}"),
        Wrong("argument ignored", lambda A, B, pairs: np.tensordot(A, B, axes=(
              range(A.ndim - len(pairs), A.ndim), range(len(pairs))[::-1])),
              f"The last axes of A meet the first of B, whatever numbers the pairs hold. {PAIRS}"),
        Wrong("argument ignored", lambda A, B, pairs: A @ B,
              f"@ always contracts the last axis of A. Which axes meet, the pairs say. {PAIRS}"),
        *(Wrong("coincidence", lambda A, B, pairs, left=left: _same_letters(A, B, pairs, left),
                f"The axes of both arrays have got the same letters to begin with, so that axes meet which are in no "
                f"pair. {PAIRS}")
          for left in (lambda a, b: [k for k in a if k not in b] + [k for k in b if k not in a],
                       lambda a, b: sorted(k for k in a + b if (a + b).count(k) == 1),
                       lambda a, b: [k for k in a + b if k not in set(a) & set(b)])),
        Wrong("rows for columns", lambda A, B, pairs: np.tensordot(A, B, axes=pairs),
              "tensordot takes two lists: the axes of A, then those of B. Yours holds pairs, an axis of A and one of B "
              "in each."),
        *(Wrong("counted from 0", lambda A, B, pairs, a=a, b=b: _contract(A, B, [(p - a, q - b) for p, q in pairs]),
                "The numbers in the pairs are counted from 0 already: nothing is to be taken off.")
          for a, b in ((1, 1), (1, 0), (0, 1))),
        Wrong("counted twice", _one_after_the_other,
              f"After the first pair, the whole of B is multiplied in once more. All pairs belong to one product. "
              f"{PAIRS}"),
        Wrong("diagonal only", _one_letter,
              f"All pairs have got one letter, so that their axes run together. Each pair has a letter of its own. "
              f"{PAIRS}"),
        Wrong("reversed order", lambda A, B, pairs: np.tensordot(
              A, B, axes=([p for p, _ in pairs], [q for _, q in pairs][::-1])),
              f"The axes of B are taken from the last pair to the first, those of A from the first on. {PAIRS}"),
        *(Wrong("wrong axis", lambda A, B, pairs, k=k: _contract(A, B, [(pair[k], pair[k]) for pair in pairs]),
                f"One number of each pair is used for both arrays. A pair holds one axis of A and one of B. {PAIRS}")
          for k in (0, 1)),
        *(Wrong("wrong axis", lambda A, B, pairs, shift=shift: _traces(A, B, pairs, shift),
                "You form all products and then sum along two axes of them at a time. Among the axes of the products "
                "those of B come after those of A, and each sum takes two away: the numbers in the pairs no longer "
                "count them.")
          for shift in (0, 1)),
        *(Wrong("coincidence", lambda A, B, pairs, empty=empty: _contract(A, B, pairs) if pairs else empty(A, B),
                "With pairs it is right. Where the list is empty, nothing is summed: how many axes does the "
                "result have then, and what are its entries?")
          for empty in (lambda A, B: [][0], lambda A, B: _unpacked([]), lambda A, B: None, lambda A, B: 0.0,
                        lambda A, B: A @ B.T, lambda A, B: np.outer(A, B), lambda A, B: A * B, lambda A, B: (A, B),
                        lambda A, B: A @ B, lambda A, B: A, lambda A, B: np.array([]),
                        lambda A, B: float(A.sum() * B.sum()))),
        *(Wrong("constant factor", lambda A, B, pairs, n=n: _contract(A, B, pairs) * n(pairs),
                f"The result is multiplied or divided by the number of pairs. A contraction is a sum. {PAIRS}")
          for n in (lambda pairs: 1 / max(1, len(pairs)), lambda pairs: max(1, len(pairs)))),
        Wrong("reshaped", _without_transposing,
              f"The arrays are reshaped to matrices with their axes as they stand. Those that meet must first come "
              f"to stand side by side. {PAIRS}"),
        *(Wrong("summed too early", lambda A, B, pairs, of_A=of_A: _of_one_array_only(A, B, pairs, of_A),
                f"All axes that are left of one array are summed. They stay. {PAIRS}")
          for of_A in (True, False)),
        Wrong("first only", lambda A, B, pairs: _contract(A, B, [pairs[0]]),
              f"Only the first pair is contracted, and there may be none. {PAIRS}"),
        *(Wrong("coincidence", two,
                f"Two pairs are built in. How many may the list hold? {PAIRS}")
          for two in (lambda A, B, pairs: _contract(A, B, [pairs[0], pairs[1]]), _two_unpacked)),
        Wrong("coincidence", _one_unpacked,
              f"One pair is built in. How many may the list hold? {PAIRS}"),
        Wrong("first only", _last_turn,
              f"Each turn of your loop begins anew with A and B, so that the last pair alone is left, and nothing "
              f"where there is none. {PAIRS}"),
        Wrong("argument ignored", lambda A, B, pairs: np.tensordot(A, B, 1),
              f"The last axis of A meets the first of B, and no other pair, whatever the list holds. {PAIRS}"),
        *(Wrong("summed too early", lambda A, B, pairs, axis=axis: _contract(A, B, pairs).sum(axis=axis),
                f"An axis that is in no pair is summed. It stays. {PAIRS}")
          for axis in (0, -1)),
        *(Wrong("transposed", lambda A, B, pairs, turned=turned: _contract(A, B, pairs).transpose(
                turned(A.ndim - len(pairs), B.ndim - len(pairs))),
                f"The axes that are left of one array stand in the reverse order. {PAIRS}")
          for turned in (lambda a, b: (*range(a), *range(a, a + b)[::-1]),
                         lambda a, b: (*range(a)[::-1], *range(a, a + b)))),
    )  # fmt: skip

    def cases(self, rng):
        for of_A, of_B, pairs in (
            ((3, 3, 3), (3, 3, 3), [(0, 2), (1, 0)]),  # in a cube, a slip gives numbers before it is refused
            ((3, 3, 3), (3, 3, 3), [(0, 1), (1, 2)]),
            ((2, 3, 3), (4, 3, 3), [(1, 2), (2, 1)]),
            ((3, 3, 2), (3, 4, 3), [(0, 2), (1, 0)]),
            ((3, 2, 3), (3, 3, 4), [(2, 0), (0, 1)]),
            ((2, 3), (4, 3), [(1, 1)]),
            ((3, 2), (3, 2), [(0, 0)]),
            ((2, 4), (3, 4), []),
            *self.more(((2, 4, 3), (4, 2, 5), [(1, 0), (0, 1)]), ((5, 2), (2, 3), [(1, 0)])),
        ):
            yield {"A": rng.normal(size=of_A), "B": rng.normal(size=of_B), "pairs": pairs}

    def solution(self, A, B, pairs):
        letters_A, letters_B = list("abcdefgh"[: A.ndim]), list("pqrstuvw"[: B.ndim])
        for i, j in pairs:
            letters_B[j] = letters_A[i]
        left = [letter for letter in letters_A if letter not in letters_B]
        left += [letter for letter in letters_B if letter not in letters_A]
        return np.einsum(f"{''.join(letters_A)},{''.join(letters_B)}->{''.join(left)}", A, B)


def _by(string):
    return lambda df_dW, dW_dx: np.einsum(string, df_dW, dW_dx)


class TheLeftSideRepaired(Exercise):
    id = "14.3"
    title = "The left side, repaired"
    points = 2
    name = "df_dx_repaired"
    arguments = ("df_dW", "dW_dx")
    returns = "an array (p,)"
    hints = (
        "Which letters does the sum use up, and which are left? They are the letters of the left side.",
        "Write the right side with x_a in the place of x: which letter is new, and where does it stand?",
        "With two entries of W, write the derivative of f with respect to x_1 by hand: two terms.",
    )
    because = (
        "i and j are summed, so the left side has none of them: it is the derivative of f in x_a, with the letter a."
    )
    mistakes = (
        Wrong("as printed", _by("ij,ija->ij"),
              f"Your result has the axes of W, as the printed left side. Which letters does the sum leave? {CHAIN}"),
        Wrong("as printed", lambda df_dW, dW_dx: df_dW.copy(),
              f"This is df/dW itself, the printed left side. Where has x gone? {CHAIN}"),
        Wrong("summed too early", lambda df_dW, dW_dx: float(_by("ij,ija->")(df_dW, dW_dx)),
              f"The entries of x are added up as well. Each of them has a slope of its own. {CHAIN}"),
        Wrong("not summed", _by("ij,ija->ija"),
              f"The products stand side by side. Every entry of W is a path, and paths add up. {CHAIN}"),
        Wrong("not summed", _by("ij,ija->ja"),
              f"Only one of the two axes of W is contracted. {CHAIN}"),
        Wrong("not summed", _by("ij,ija->ia"),
              f"One of the two axes of W is still there. {CHAIN}"),
        Wrong("not summed", _by("ij,ija->ai"),
              f"The axis of x stands in front, and one axis of W, the first, is still there. {CHAIN}"),
        Wrong("not summed", _by("ij,ija->aj"),
              f"The axis of x stands in front, and one axis of W, the second, is still there. {CHAIN}"),
        Wrong("not summed", lambda df_dW, dW_dx: dW_dx.T @ df_dW,
              f"@ contracts one pair of axes, and W has two. {CHAIN}"),
        Wrong("outer derivative forgotten", lambda df_dW, dW_dx: dW_dx.copy(),
              f"This is how W changes with x. How does f? {CHAIN}"),
        Wrong("as printed", lambda df_dW, dW_dx: np.full(df_dW.shape, _by("ij,ija->")(df_dW, dW_dx)),
              f"One number is spread over the axes of W: those of the printed left side. {CHAIN}"),
        Wrong("counted twice", lambda df_dW, dW_dx: _by("ij,ija->a")(df_dW**2, dW_dx),
              f"The slope of f is a factor twice. Each path has two factors, one slope of f and one of W. {CHAIN}"),
        Wrong("constant factor", lambda df_dW, dW_dx: _by("ij,ija->a")(df_dW, dW_dx) / df_dW.sum(),
              f"You divide by the sum of the slopes of f. Paths add up; they are not averaged. {CHAIN}"),
        Wrong("not summed", _by("ij,ija->aij"),
              f"Nothing is summed, and the axis of x has moved to the front. {CHAIN}"),
        Wrong("outer derivative forgotten", lambda df_dW, dW_dx: dW_dx.sum(axis=(0, 1)),
              f"The slopes of W are added up, and those of f do not enter. {CHAIN}"),
        Wrong("inner derivative forgotten", lambda df_dW, dW_dx: float(df_dW.sum()),
              f"The slopes of f are added up, and those of W do not enter. {CHAIN}"),
        Wrong("summed too early", lambda df_dW, dW_dx: df_dW.sum() * dW_dx.sum(axis=(0, 1)),
              f"Both factors are added up before they are multiplied. Along each path they are multiplied first. "
              f"{CHAIN}"),
        Wrong("sum for product", lambda df_dW, dW_dx: (df_dW[:, :, None] + dW_dx).sum(axis=(0, 1)),
              f"Along a path the slopes are added. What becomes of them there? {CHAIN}"),
        Wrong("reshaped", lambda df_dW, dW_dx: dW_dx.reshape(dW_dx.shape[2], -1) @ df_dW.ravel(),
              "reshape fills the entries in again in their order. The axis of x was the last: it does not come to the "
              "front by this."),
        Wrong("reshaped", lambda df_dW, dW_dx: df_dW.T.ravel() @ dW_dx.reshape(-1, dW_dx.shape[2]),
              f"The entries of the two factors do not belong together: one was flattened column by column, the other "
              f"row by row. {CHAIN}"),
        Wrong("constant factor", lambda df_dW, dW_dx: (df_dW[:, :, None] * dW_dx).mean(axis=(0, 1)),
              f"You take the mean over the paths. They add up. {CHAIN}"),
        Wrong("axis too many", lambda df_dW, dW_dx: _by("ij,ija->a")(df_dW, dW_dx).reshape(-1, 1),
              "The numbers are right, as a column. Here a vector has one axis."),
        Wrong("axis too many", lambda df_dW, dW_dx: _by("ij,ija->a")(df_dW, dW_dx).reshape(1, -1),
              "The numbers are right, as a row. Here a vector has one axis."),
        Wrong("first only", lambda df_dW, dW_dx: float(_by("ij,ija->a")(df_dW, dW_dx)[0]),
              f"This is the slope in the first entry of x only. {CHAIN}"),
        *(Wrong("diagonal only", diagonal,
                f"Only the entries on the diagonal of W count here: two axes have got one letter. {CHAIN}")
          for diagonal in (lambda df_dW, dW_dx: np.einsum("i,ia->a", np.diagonal(df_dW), np.diagonal(dW_dx).T),
                           _by("ii,iia->a"))),
        Wrong("first only", lambda df_dW, dW_dx: df_dW[0] @ dW_dx[0],
              f"Only the first row of W counts here. {CHAIN}"),
        Wrong("transposed", _by("ji,ija->a"),
              f"The two factors have the axes of W in different orders. They are the same i and the same j. {CHAIN}"),
        *(Wrong("not summed", wrong, f"One pair of axes is contracted, and W has two. {CHAIN}")
          for wrong in (_by("ik,kja->ija"), _by("ki,kja->ija"), lambda df_dW, dW_dx: df_dW @ dW_dx)),
        *(Wrong("summed too early", lambda df_dW, dW_dx, more=more: np.full(
                dW_dx.shape[2:] + more, _by("ij,ija->")(df_dW, dW_dx)),
                f"One number stands in every place. Each entry of x has a slope of its own. {CHAIN}")
          for more in ((), (1,))),
        *(Wrong("wrong axis", wrong,
                "The axis of x is the last of dW_dx, and you take another for it. Read in the statement how it is laid "
                "out.")
          for wrong in (_by("ij,aij->a"), _by("ij,iaj->a"), _by("ij,aji->a"), _by("ij,jai->a"))),
        Wrong("aligned at the left", lambda df_dW, dW_dx: (df_dW * dW_dx).sum(axis=(0, 1)),
              f"By * df_dW meets the last two axes of dW_dx. Which are those of W? {CHAIN}"),
        *(Wrong("aligned at the left", wrong,
                f"By * the axes are laid side by side from the last one on, so that df_dW meets the axis of x. {CHAIN}")
          for wrong in (lambda df_dW, dW_dx: df_dW * dW_dx, lambda df_dW, dW_dx: (df_dW * dW_dx).sum(),
                        *(lambda df_dW, dW_dx, k=k: (df_dW * dW_dx).sum(axis=k) for k in (0, 1, 2, (0, 2))),
                        lambda df_dW, dW_dx: df_dW[:, None] * dW_dx)),
        *(Wrong("aligned at the left", wrong,
                f"dW_dx.T has all its axes in the reverse order, so that the two of W stand the other way round than "
                f"in df_dW. {CHAIN}")
          for wrong in (lambda df_dW, dW_dx: df_dW * dW_dx.T, lambda df_dW, dW_dx: (df_dW * dW_dx.T).sum(),
                        *(lambda df_dW, dW_dx, k=k: (df_dW * dW_dx.T).sum(axis=k) for k in (0, 1, 2, (0, 1))))),
        *(Wrong("wrong axis", lambda df_dW, dW_dx, axes=axes: (df_dW[:, :, None] * dW_dx).sum(axis=axes),
                f"The products are right, and two of their axes are added up, but not those of W. {CHAIN}")
          for axes in ((0, 2), (1, 2))),
        *(Wrong("constant factor", lambda df_dW, dW_dx, k=k: _by("ij,ija->a")(df_dW, dW_dx) / dW_dx.shape[k],
                f"The result is divided by the length of an axis. Paths add up; they are not averaged. {CHAIN}")
          for k in range(3)),
        *(Wrong("term missing", lambda df_dW, dW_dx, at=at: np.tensordot(df_dW[at], dW_dx[at], df_dW[at].ndim),
                f"Only some of the entries of W count here. All of them are paths. {CHAIN}")
          for at in (np.s_[-1], np.s_[:, 0], np.s_[:, -1], np.s_[:1, :1], np.s_[-1:, -1:])),
        Wrong("product for sum", lambda df_dW, dW_dx: (df_dW[:, :, None] * dW_dx).prod(axis=(0, 1)),
              f"The paths are multiplied with each other. What becomes of them? {CHAIN}"),
        Wrong("wrong concept", lambda df_dW, dW_dx: (df_dW[:, :, None] / dW_dx).sum(axis=(0, 1)),
              f"Along a path you divide. What becomes of its two slopes? {CHAIN}"),
        Wrong("wrong concept", lambda df_dW, dW_dx: np.abs(df_dW[:, :, None] * dW_dx).sum(axis=(0, 1)),
              f"The paths have lost their signs. {CHAIN}"),
        *(Wrong("inner product", wrong,
                f"@ takes dW_dx for a row of matrices with the axis of x in each, and df_dW turned round meets every "
                f"one of them. {CHAIN}")
          for wrong in (lambda df_dW, dW_dx: (df_dW.T @ dW_dx).sum(axis=(0, 1)), lambda df_dW, dW_dx: df_dW.T @ dW_dx,
                        lambda df_dW, dW_dx: (df_dW.T @ dW_dx).sum(axis=0))),
        Wrong("first only", lambda df_dW, dW_dx: float(_by("ij,ija->a")(df_dW, dW_dx)[-1]),
              f"This is the slope in the last entry of x only. Does each turn of a loop write over the one before? "
              f"{CHAIN}"),
    )  # fmt: skip

    def cases(self, rng):
        for m, n, p in ((3, 3, 3), (2, 3, 4), (3, 2, 5), *self.more((4, 2, 3), (2, 5, 1))):
            yield {"df_dW": rng.normal(size=(m, n)), "dW_dx": rng.normal(size=(m, n, p))}

    def solution(self, df_dW, dW_dx):
        return np.einsum("ij,ija->a", df_dW, dW_dx)


IK, KJ, NONE, COLUMNS, ROWS, MISFIT, UNKNOWN = (
    "A_ij B_jk -> ik", "A_ij B_jk -> kj", "A_ij B_jk ->", "A_ij C_ij -> j", "A_ij C_kj -> ik", "A_ij C_jk -> ik",
    "A_ij B_jk -> il",
)  # fmt: skip


def _told():
    return {IK: (2, 4), KJ: (4, 3), NONE: (), COLUMNS: (3,), ROWS: (2, 2), MISFIT: "error", UNKNOWN: "error"}


def _slip(name, message, **entries):
    return slips.changed(_told, name, message, **entries)


SLIPS = (
    _slip("transposed", f"The order of the letters behind the arrow is the order of the axes. {WRONG}",
          **{KJ: (3, 4)}),
    _slip("summed too early", f"j occurs twice, and it stands on the left. {RULE}", **{KJ: (4,)}),
    _slip("wrong concept", f"A letter that occurs twice may stand on the left. {RULE}", **{KJ: "error"}),
    _slip("wrong concept", f"A left side without letters is allowed. {RULE}", **{NONE: "error"}),
    _slip("not summed", f"Nothing stands behind this arrow. {RULE}", **{NONE: (2, 4)}),
    _slip("not summed", f"Behind this arrow stands no letter, so that none of the three stays. {RULE}",
          **{NONE: (2, 3, 4)}),
    _slip("axis too many", "A number has no axis: its shape has no entry.", **{NONE: (1,)}),
    _slip("axis too many", "A number has no axis, not two of length 1.", **{NONE: (1, 1)}),
    _slip("summed too early", f"i and j both occur twice here. Which of them is absent on the left? {RULE}",
          **{COLUMNS: ()}),
    _slip("not summed", f"In the product of A and C entry by entry one letter is absent on the left. {RULE}",
          **{COLUMNS: (2, 3)}),
    _slip("wrong axis", f"With A and C the letter that stays is not i. {RULE}", **{COLUMNS: (2,)}),
    _slip("wrong concept", f"j occurs twice in the product of A and C entry by entry, and it may still stand on the "
          f"left. {RULE}", **{COLUMNS: "error"}),
    _slip("axis too many", "One letter on the left is one axis: it is neither a row nor a column.",
          **{COLUMNS: (1, 3)}),
    _slip("wrong axis", "With C in the letters k and j, how long is k?", **{ROWS: (2, 3)}),
    _slip("wrong axis", "In the letters k and j of C, k is not the k of B.", **{ROWS: (2, 4)}),
    _slip("wrong concept", f"A and C have the same shape, and their second axes can meet without a transpose. {PAIRS}",
          **{ROWS: "error"}),
    _slip("wrong concept", "In one of the products with C, a letter belongs to axes of two lengths.",
          **{MISFIT: (2, 3)}),
    _slip("wrong concept", "Letters do not transpose C: in C_jk, the letter j is its first axis. How long is that?",
          **{MISFIT: (2, 2)}),
    _slip("wrong concept", f"One letter behind an arrow stands nowhere before it: what would be its length? {RULE}",
          **{UNKNOWN: (2,)}),
    _slip("wrong concept", f"For one of the strings you have taken l for k. {RULE}", **{UNKNOWN: (2, 4)}),
    *(_slip("not summed", f"For one of the strings you count the axes of the product. Which letters stand behind its "
            f"arrow, and does each of them occur before it? {RULE}", **{UNKNOWN: shape})
      for shape in ((2, 3, 4), (2, 3, 3, 4))),
    _slip("summed too early", f"You sum every letter that occurs twice, whatever stands on the left. {RULE}",
          **{KJ: (4,), COLUMNS: ()}),
    _slip("summed too early", f"You sum every repeated letter, and refuse a left side that has one. {RULE}",
          **{KJ: "error", COLUMNS: "error"}),
    _slip("transposed", f"The letters i and k stand behind this arrow in another order. {WRONG}", **{IK: (4, 2)}),
    _slip("not summed", f"j does not stand behind the arrow: only i and k do. {RULE}", **{IK: (2, 3, 4)}),
    _slip("not summed", "You have an axis for each axis of the product. Which letters stand behind the arrow of i "
          f"and k? {RULE}", **{IK: (2, 3, 3, 4)}),
    _slip("counted twice", f"One letter is one axis of the result, however often it occurs. {RULE}",
          **{KJ: (4, 3, 3)}),
    _slip("not summed", f"i does not stand behind the arrow: only k and j do. {RULE}", **{KJ: (2, 4, 3)}),
    _slip("not summed", f"i does not stand behind the arrow: only k and j do. {RULE}", **{KJ: (2, 3, 4)}),
    *(_slip("wrong variable", "A shape has an entry for each axis: see the text above the table.", **{NONE: number})
      for number in (1, 0, 8, 24)),
    *(_slip("spelling", 'None is neither a shape nor the text "error".', **{key: None}) for key in _told()),
    _slip("spelling", "A shape is a tuple, also that of a number.", **{NONE: "number"}),
    _slip("axis too many", "A length of 0 is an axis without entries; a number has no axis.", **{NONE: (0,)}),
    _slip("axis too many", "One letter behind the arrow: one axis, and no column.", **{COLUMNS: (3, 1)}),
    _slip("spelling", "A shape is a tuple, also with one axis: mind the comma.", **{COLUMNS: 3}),
    _slip("wrong axis", f"With C in the letters k and j, j is the one that is summed. {RULE}", **{ROWS: (3, 3)}),
    _slip("not summed", f"With C in the letters k and j: is j behind the arrow? {RULE}", **{ROWS: (2, 3, 2)}),
    _slip("not summed", f"With C in the letters k and j, two letters stand behind the arrow, not three. {RULE}",
          **{ROWS: (2, 2, 3)}),
    _slip("wrong concept", "With C in the letters j and k: count the length of j in A, and once more in C.",
          **{MISFIT: (3, 3)}),
    _slip("wrong concept", "A letter that occurs nowhere before the arrow does not turn the result into a number.",
          **{UNKNOWN: ()}),
    *(_slip("silent broadcast", "A letter that occurs nowhere has no length: neither 0 nor 1.", **{UNKNOWN: (2, n)})
      for n in (1, 0)),
    _slip("wrong concept", "Two of the seven cannot be computed. Look at the length of each letter, and whether it "
          "is known.", **{MISFIT: (2, 3), UNKNOWN: (2,)}),
    *(_slip("wrong variable", "A shape is asked for, with an entry for each axis. You count the entries of the "
            "array.", **wrong) for wrong in ({IK: 8}, {KJ: 12}, {ROWS: 4})),
    *(_slip("spelling", "A shape holds the lengths of the axes, not their letters.", **wrong)
      for wrong in ({IK: ("i", "k")}, {KJ: ("k", "j")}, {COLUMNS: ("j",)}, {ROWS: ("i", "k")})),
    *(_slip("spelling", "A shape is a tuple, not a text.", **wrong)
      for wrong in ({IK: "(2, 4)"}, {KJ: "(4, 3)"}, {NONE: "()"}, {COLUMNS: "(3,)"}, {ROWS: "(2, 2)"})),
)  # fmt: skip

NOT_READ_OFF = {
    IK: f"Nothing is refused here, and i and k stay. Read both lengths off the shapes of A and B. {RULE}",
    KJ: f"k and j stay, in this order. Read both lengths off the shapes of A and B. {RULE}",
    NONE: f"Which letters stand behind this arrow, and how many axes is that? {RULE}",
    COLUMNS: f"In the product of A and C entry by entry one letter stays. Which is it, and how long? {RULE}",
    ROWS: f"With C in the letters k and j, two letters stay. Read both lengths off the shapes of A and C. {RULE}",
    MISFIT: "For C in the letters j and k, write down the length of each letter, in A and in C.",
    UNKNOWN: f"For one of the strings, look for each letter behind the arrow before it. {RULE}",
}


def _others():
    """What else can be handed in for one of the strings: "error", or up to two lengths that are in the shapes."""
    known = [{key: shape for key, shape in wrong.function().items() if shape != _told()[key]} for wrong in SLIPS]
    shapes = ["error", *(shape for n in range(3) for shape in itertools.product((2, 3, 4), repeat=n))]
    for key, message in NOT_READ_OFF.items():
        for shape in shapes:
            if shape != _told()[key] and {key: shape} not in known:
                yield _slip("wrong axis", message, **{key: shape})


class WhatComesOut(Exercise):
    id = "14.4"
    title = "What comes out"
    name = "shapes"
    returns = "a dict of shapes, or the text error"
    structure_is_asked = True
    hints = (
        "Write the length of every letter down, from the shapes of the arrays. Has one letter two lengths?",
        "A letter of the result must occur somewhere in the product.",
        "The shape is the lengths of the letters behind the arrow, in their order. How often a letter occurs does not "
        "matter.",
    )
    because = "The lengths are i = 2, j = 3, k = 4 with A and B; with C they have to be read anew, and once j has two."
    mistakes = (*SLIPS, *_others())

    def solution(self):
        return {
            "A_ij B_jk -> ik": (2, 4),
            "A_ij B_jk -> kj": (4, 3),
            "A_ij B_jk ->": (),
            "A_ij C_ij -> j": (3,),
            "A_ij C_kj -> ik": (2, 2),
            "A_ij C_jk -> ik": "error",
            "A_ij B_jk -> il": "error",
        }


EXERCISES = [SixExpressions, OrderedPairs, TheLeftSideRepaired, WhatComesOut]
