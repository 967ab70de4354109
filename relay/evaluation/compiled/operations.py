"""Closures of built-in operations (`relay.notation.syntax.OPERATIONS`).

Each operation has a small function of its own that returns a closure, so that nothing is looked up when values are
computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from relay.evaluation.algebra.base import Undecidable
from relay.evaluation.compiled.codes import Code, Coding, Computation, Names
from relay.evaluation.compiled.equality import equality
from relay.evaluation.compiled.indexing import entry, entry_of, item
from relay.evaluation.compiled.lists import concatenate, make_list
from relay.evaluation.compiled.naturals import natural
from relay.notation.comparisons import AS_LESS, EQUALITIES, ORDERS
from relay.notation.syntax import Apply, ListType, NatType, Numeral, ScalarType, Variable
from relay.notation.traversal import has_functions


def operation(term: Apply, code: Coding) -> Code:
    """Return the closure of an operation. Raises `Undecidable` for operations on functions."""
    op = term.op
    # The most common operations come first. Naturals share these names, so the type decides.
    if op in _ARITHMETIC and isinstance(term.type, ScalarType):
        return _ARITHMETIC[op](code(term.args[0]), code(term.args[1]))
    leaves = _of_leaves(term)
    if leaves is not None:
        return leaves
    args = [code(arg) for arg in term.args]
    if op == "list":
        return make_list(args, cast(ListType, term.type).item, code)
    if op == "concat":
        return concatenate(args[0], args[1], cast(ListType, term.type).item)
    kind = term.args[0].type
    if op in EQUALITIES:
        if has_functions(kind):
            raise Undecidable("functions can't be compared as single values")
        return equality(args[0], args[1], kind, op == "eq")
    if op in _UNARY:
        return _UNARY[op](args[0])
    if op == "entry":
        array = term.args[0]
        return entry_of(array.name, *args[1:]) if isinstance(array, Variable) else entry(*args)
    if op in ("component", "item"):
        return item(args[0], args[1], op == "item")
    if isinstance(kind, NatType):
        return natural(op, args[0], args[1])
    if op in ORDERS:
        return _order(op, args[0], args[1])
    raise Undecidable(f"`{op}` can't be evaluated for a single value")


def _add(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.add(a(names, run), b(names, run))


def _sub(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.sub(a(names, run), b(names, run))


def _mul(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.mul(a(names, run), b(names, run))


def _div(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.div(a(names, run), b(names, run))


def _power(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.power(a(names, run), b(names, run))


def _not(a: Code) -> Code:
    return lambda names, run: not a(names, run)


def _len(a: Code) -> Code:
    return lambda names, run: len(a(names, run).items)


def _scalar(a: Code) -> Code:
    return lambda names, run: run.scalars.number(a(names, run))


def _neg(a: Code) -> Code:
    return lambda names, run: run.scalars.neg(a(names, run))


def _conj(a: Code) -> Code:
    return lambda names, run: run.scalars.conj(a(names, run))


_ARITHMETIC = {"add": _add, "sub": _sub, "mul": _mul, "div": _div, "pow": _power}
"""Operations on two scalars (`pow`: on a scalar and a natural number)."""
_UNARY = {"not": _not, "len": _len, "scalar": _scalar, "neg": _neg, "conj": _conj}


def _order(op: str, a: Code, b: Code) -> Code:
    exchanged, negated = AS_LESS[op]

    def value(names: Names, run: Computation) -> bool:
        x, y = a(names, run), b(names, run)
        less = run.scalars.less(y, x) if exchanged else run.scalars.less(x, y)
        return not less if negated else less

    return value


def _of_leaves(term: Apply) -> Code | None:
    """Return the closure of `==` or `<` between a variable of type `Nat` and a variable or numeral; else None."""
    if term.op not in _LEAVES or not isinstance(term.args[0], Variable) or not isinstance(term.args[0].type, NatType):
        return None
    name, other = term.args[0].name, term.args[1]
    of_names, of_numeral = _LEAVES[term.op]
    if isinstance(other, Variable):
        return of_names(name, other.name)
    return of_numeral(name, other.value) if isinstance(other, Numeral) else None


def _less(a: str, b: str) -> Code:
    return lambda names, run: names[a] < names[b]


def _less_than(a: str, k: int) -> Code:
    return lambda names, run: names[a] < k


def _alike(a: str, b: str) -> Code:
    return lambda names, run: names[a] == names[b]


def _is(a: str, k: int) -> Code:
    return lambda names, run: names[a] == k


_LEAVES: Mapping[str, tuple[Callable[[str, str], Code], Callable[[str, int], Code]]] = {
    "eq": (_alike, _is),
    "lt": (_less, _less_than),
}
"""Fast paths for the most common comparisons of indices: of a name with a name, and of a name with a numeral."""
