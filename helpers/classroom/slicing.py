"""Which cells an answer needs: those that give the names it takes, or change what they stand for, and so on."""

import ast
import re
import symtable
from collections import defaultdict
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

PARSING = Lock()  # Python 3.11 loses count of a tree's depth where two threads build one (SystemError)
MAGIC = re.compile(r"^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[%!]", re.M)
LONGEST = 50_000  # characters of a cell times its magics: IPython reads the whole cell again for each of them
NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError, RuntimeError)  # the last for too many magics


class Piece(NamedTuple):
    """Some code and its names: those it gives to what follows, uses, and imports.

    first:  those of `uses` that it needs when it runs, from elsewhere: it does not give them, or only afterwards.
    later:  those of `uses` that its functions need when they are called.
    star:   whether it imports all names of a module.
    """

    source: str
    body: list
    gives: frozenset
    uses: frozenset
    first: frozenset
    later: frozenset
    imports: frozenset
    star: bool


@lru_cache(maxsize=1024)  # a class has the cells of the release in common, and each exercise asks for all
def in_pieces(source, whole):
    """The Pieces of a cell: itself, or its statements one by one; none for what is no Python."""
    try:
        with PARSING:
            source, tree = _read(source)
            if whole:
                return [_piece(source, tree.body)]
            return [_piece(ast.unparse(statement), [statement]) for statement in tree.body]
    except NO_PYTHON:
        return []


def _read(source):
    """(the source, its tree) of a cell as Python, with None in the place of what only IPython knows.

    Raises one of NO_PYTHON for what Jupyter cannot read either.
    """
    source = _without_magics(source)
    tree = ast.parse(source)
    if "get_ipython" in source:
        source = ast.unparse(_WithoutIPython().visit(tree))
        tree = ast.parse(source)
    return source, tree


def _without_magics(source):
    """The cell with calls of get_ipython() for its magics, shell commands and question marks, as IPython reads them."""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        if len(source) * len(MAGIC.findall(source)) > LONGEST:
            raise
    first, _, rest = source.lstrip().partition("\n")
    return TransformerManager().transform_cell(f"#\n{rest}" if first.startswith("%%") else source)


class _WithoutIPython(ast.NodeTransformer):
    """None for get_ipython() and all that it is asked for, but what %time measures stays."""

    def visit_Expr(self, node):
        if timed := _timed(node.value):
            return ast.parse(timed).body
        return self.generic_visit(node)

    def visit_Call(self, node):
        if timed := _timed(node):
            return ast.parse(timed, mode="eval").body
        if _root(node) == "get_ipython":
            return ast.Constant(None)
        return self.generic_visit(node)


def _timed(node):
    """What %time measures, as a text; None for another thing."""
    match node:
        case ast.Call(ast.Attribute(_, "run_line_magic"), [ast.Constant("time"), ast.Constant(str(code))]):
            return code
    return None


def _root(node):
    """The name at which an expression such as a.b[0].c() begins, None where it begins otherwise."""
    while not isinstance(node, ast.Name):
        node = getattr(node, "func" if isinstance(node, ast.Call) else "value", None)
        if node is None:
            return None
    return node.id


def _piece(source, body):
    table = symtable.symtable(source, "cell", "exec")
    symbols = table.get_symbols()
    imports = frozenset(symbol.get_name() for symbol in symbols if symbol.is_imported())
    star = any(isinstance(each, ast.ImportFrom) and each.names[0].name == "*" for each in body)
    added = (node.target for node in _at_once(body) if isinstance(node, ast.AugAssign))  # k += 1 needs a k, too
    uses = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    uses |= {target.id for target in added if isinstance(target, ast.Name)}
    gives, later = _given(table), _used_later(table)
    first, given = uses - gives, set()
    for statement in body:
        # What neither set has is a comprehension's own.
        first |= (uses | later).intersection(_used_at_once(statement)) - given
        given |= gives.intersection(_given_at_once([statement]))
    return Piece(source, body, gives, frozenset(uses | later), frozenset(first), later, imports, star)


def _at_once(body):
    """The nodes of what runs when a cell does, and not when a function of it is called."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                waiting += node.decorator_list + _defaults(node)
            case ast.Lambda():
                waiting += _defaults(node)
            case ast.ClassDef():
                waiting += node.decorator_list + node.bases
            case _:
                waiting += ast.iter_child_nodes(node)


def _defaults(function):
    return function.args.defaults + [each for each in function.args.kw_defaults if each]


def _used_at_once(statement):
    for node in _at_once([statement]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):  # k += 1 needs a k, too
            yield node.target.id


def _given_at_once(body):
    for node in _at_once(body):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _given(table):
    """The names that a symtable of a cell's source gives."""
    symbols = table.get_symbols()
    return frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace())


def _used_later(table):
    inner, used = list(table.get_children()), set()
    while inner:
        function = inner.pop()
        used |= {s.get_name() for s in function.get_symbols() if s.is_global()}
        inner += function.get_children()
    return frozenset(used)


def _changed(body, inside):
    """The names whose things some statements may change in place: W[0] = 1, box.s = 1, L.append(1), np.put(W, 0, 1).

    inside:  what calls of the notebook's own functions change, as from `_changed_inside`: fill(L), setup().
    """
    for node in _at_once(body):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            found = [_root(node)]
        elif isinstance(node, ast.Expr):  # its value is thrown away, so it was written for what it does
            calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
            methods = [each for each in calls if isinstance(each.func, ast.Attribute)]
            setting = [each for each in calls if _root(each.func) in ("setattr", "delattr")]
            places = [each.args[0] for each in methods + setting if each.args]
            found = [_root(each.func) for each in methods]
            found += [_root(each) for each in places if not isinstance(each, ast.Call)]  # what was computed is not kept
            found += [each.target.id for each in ast.walk(node) if isinstance(each, ast.NamedExpr)]
            for call in calls:
                parameters, changed = inside.get(_root(call.func), ((), set()))
                given = dict(zip(parameters, call.args, strict=False))
                given |= {each.arg: each.value for each in call.keywords}
                found += [*changed.difference(parameters), *(_root(given[each]) for each in changed & given.keys())]
        else:
            continue
        yield from filter(None, found)


def _changed_inside(pieces):
    """{function: (its parameters, what a call of it changes)} for the functions that the pieces define."""
    inside = {}
    for function in (node for piece in pieces for node in piece.body if isinstance(node, ast.FunctionDef)):
        parameters = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        everywhere = {each for node in ast.walk(function) if isinstance(node, ast.Global) for each in node.names}
        local = set(_given_at_once(function.body)) - everywhere
        inside[function.name] = parameters, {*_changed(function.body, {}), *everywhere} - local
    return inside


def needed(name, cells, released):
    """The code that the answer called `name` needs, in its order; None if no cell gives it.

    Of several cells that give it, the last counts that is no stub.

    cells:     the sources of the student's code cells. Those that are the student's own count as a whole.
    released:  those of the release, for what the student's notebook no longer has. Of a lesson's cell only the
               statements count that are needed: most of it shows something, and takes time.
    """
    lesson = [piece for cell in released for piece in in_pieces(cell, whole=False)]
    known = {cell.strip() for cell in released}
    pieces = lesson + [piece for cell in cells for piece in in_pieces(cell, whole=cell.strip() not in known)]
    inside = _changed_inside(pieces)
    givers, changers = defaultdict(list), defaultdict(list)
    for k, piece in enumerate(pieces):
        for given in piece.gives:
            givers[given].append(k)
        for each in {*_changed(piece.body, inside)} - piece.gives:
            changers[each].append(k)
    own = [k for k in givers[name] if k >= len(lesson)]
    if not own:
        return None
    stubs = {piece.source for piece in lesson}
    answer = next((k for k in reversed(own) if not _is_stub(name, pieces[k], stubs)), own[-1])
    stars = [k for k in range(len(lesson), len(pieces)) if pieces[k].star]
    chosen, waiting, giving = {answer}, [answer], {answer}

    def choose(k):
        if k not in chosen:
            chosen.add(k)
            waiting.append(k)

    def choose_giver(used, k, last):
        """The number of the piece that gives a name to piece k: of those up to `last` the last, else the first after.

        It is chosen. Where there is none, what imports all names of a module is, and the number is None.
        """
        before = [j for j in givers[used] if j <= last]
        mine = [j for j in before if j >= len(lesson)]
        found = (mine or before)[-1:] or [j for j in givers[used] if j > k][:1]
        giving.update(found or stars)
        for j in found or stars:
            choose(j)
        return found[0] if found else None

    while waiting:
        k = waiting.pop()
        called = answer if len(lesson) <= k < answer else k
        for used in sorted(pieces[k].uses):
            found = {k} if used in pieces[k].gives else set()
            if used in pieces[k].first:
                found.add(choose_giver(used, k, k - 1))
            if used in pieces[k].later:
                found.add(choose_giver(used, k, called))
            for giver in found - {None}:
                if used not in pieces[giver].imports:
                    end = min((j for j in givers[used] if j > giver), default=len(pieces))
                    for j in (j for j in changers[used] if giver < j < end):
                        choose(j)
    taken = frozenset().union(*(pieces[k].uses for k in chosen)).difference(*(pieces[k].imports for k in chosen))
    given = frozenset().union(*(pieces[k].gives for k in giving))
    below = lambda k: {name} if k > answer else set()
    return [
        _with_changes(pieces[k], taken, inside, below(k), alone=False)
        if k in giving
        else _with_changes(pieces[k], taken, inside, given | below(k), alone=True)
        for k in sorted(chosen)
    ]


def _is_stub(name, piece, stubs):
    """Whether a cell gives this name as the release does, or by a function that says nothing."""
    given = [each.source for each in in_pieces(piece.source, whole=False) if name in each.gives]
    return all(source in stubs or _says_nothing(source) for source in given)


def _says_nothing(source):
    """Whether a statement defines a function of nothing but ..., pass and docstrings."""
    [statement] = ast.parse(source).body
    constant = lambda each: isinstance(each, ast.Expr | ast.Return) and isinstance(each.value, ast.Constant)
    return isinstance(statement, ast.FunctionDef) and all(
        isinstance(each, ast.Pass) or (constant(each) and (isinstance(each, ast.Expr) or each.value.value is ...))
        for each in statement.body
    )


def _with_changes(piece, taken, inside, others, alone):
    """A chosen cell in which what stands alone, and is not run for that reason, is run if it changes a name of `taken`.

    others:  the names that other cells give, which it does not give again.
    alone:   whether it was chosen for such a change only: then what fails in it costs no more than that change.
    """
    with PARSING:
        body = piece.body
        kept = [each for each in body if not isinstance(each, ast.Expr) or taken.intersection(_changed([each], inside))]
        if others:
            kept = [each for each in kept if not others & _given(symtable.symtable(ast.unparse(each), "", "exec"))]
        if not alone and kept == [each for each in body if not isinstance(each, ast.Expr)]:
            return piece.source
        handler = ast.ExceptHandler(ast.Name("Exception"), None, [ast.Pass()])
        tried = lambda each: ast.Try([each], [handler], [], []) if alone or isinstance(each, ast.Expr) else each
        return ast.unparse(ast.Module(list(map(tried, kept)), []))


def where_unreadable(source):
    """Where a cell is no Python, as the end of a sentence; "" where that is not known."""
    try:
        with PARSING:
            ast.parse(_without_magics(source))
    except SyntaxError as error:
        return f": {error.msg}, in line {error.lineno} of the cell"
    except NO_PYTHON:
        pass
    return ""
