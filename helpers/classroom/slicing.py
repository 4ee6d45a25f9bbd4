"""Which cells an answer needs: those that give the names it takes, and what these need, and so on."""

import ast
import symtable
from threading import Lock
from typing import NamedTuple

PARSING = Lock()  # Python 3.11 loses count of a tree's depth where two threads build one (SystemError)


class Piece(NamedTuple):
    """Some code, the names it gives to what follows, and those it takes from what came before."""

    source: str
    gives: frozenset
    uses: frozenset


def in_pieces(source, whole):
    """The Pieces of a cell: itself, or its statements one by one; none for what is no Python."""
    try:
        with PARSING:
            sources = [source] if whole else [ast.unparse(statement) for statement in ast.parse(source).body]
            return [Piece(each, *names(symtable.symtable(each, "cell", "exec"))) for each in sources]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def names(table):
    """(the names that a symtable of a cell's source gives, those that it takes): frozensets."""
    symbols = table.get_symbols()
    gives = (s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace())
    uses = {s.get_name() for s in symbols if s.is_referenced()}
    inner = list(table.get_children())
    while inner:
        function = inner.pop()
        uses |= {s.get_name() for s in function.get_symbols() if s.is_global() and s.is_referenced()}
        inner += function.get_children()
    return frozenset(gives), frozenset(uses)


def needed(name, cells, released):
    """The code that the answer called `name` needs, in its order, the answer's own cell last; None if no cell gives it.

    cells:     the sources of the student's code cells. Those that are the student's own count as a whole.
    released:  those of the release, for what the student's notebook no longer has. Of a lesson's cell only the
               statements count that are needed: most of it shows something, and takes time.
    """
    lesson = [piece for cell in released for piece in in_pieces(cell, whole=False)]
    known = {cell.strip() for cell in released}
    pieces = lesson + [piece for cell in cells for piece in in_pieces(cell, whole=cell.strip() not in known)]
    own = [k for k in range(len(lesson), len(pieces)) if name in pieces[k].gives]
    if not own:
        return None
    chosen, waiting = {own[-1]}, [own[-1]]
    while waiting:
        k = waiting.pop()
        for used in pieces[k].uses - ({name} if k == own[-1] else set()):
            givers = [j for j in range(len(pieces)) if used in pieces[j].gives and j != k]
            before = [j for j in givers if j < k]
            mine = [j for j in before if j >= len(lesson)]
            if not givers or any(used in pieces[j].gives for j in chosen if j < k):
                continue
            giver = (mine or before or givers)[-1]
            if giver not in chosen:
                chosen.add(giver)
                waiting.append(giver)
    return [pieces[k].source for k in sorted(chosen)]


def where_unreadable(source):
    """Where a cell is no Python, as the end of a sentence; "" where that is not known."""
    try:
        with PARSING:
            ast.parse(source)
    except SyntaxError as error:
        return f": {error.msg}, in line {error.lineno} of the cell"
    except (ValueError, RecursionError, MemoryError):
        pass
    return ""
