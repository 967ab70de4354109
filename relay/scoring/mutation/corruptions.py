"""Corruptions of a definition: well-typed definitions with one small change each, the same on every run.

Every kind of change is tried at every place of the body. Of the changed definitions that are valid statements, a fixed
number is kept. The kinds take turns, so that no kind crowds out the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import combinations, zip_longest

from relay.errors import NotationError
from relay.notation import Scope, read_statement
from relay.notation.comparisons import COMPARISONS, ORDERS
from relay.notation.printing import print_statement, print_type
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    Apply,
    BoolType,
    Call,
    Choice,
    Clause,
    Comprehension,
    Definition,
    Generator,
    IfClause,
    Items,
    MatrixType,
    NatType,
    Numeral,
    Permutations,
    Range,
    ScalarType,
    Source,
    Subsets,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)

MOST = 16
"""Corruptions kept per definition."""

Rebuild = Callable[[Term], Term]
"""Takes a term and returns the whole body with this term at one place, which the function knows."""
Change = tuple[str, Term]
"""The kind of a change, and the term after the change."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """A definition with one change. It has a key of its own."""

    kind: str
    definition: Definition


def corruptions(definition: Definition, scope: Scope, most: int = MOST) -> tuple[Corruption, ...]:
    """At most `most` different corruptions of a definition whose callees are in `scope`."""
    kinds: dict[str, list[Definition]] = defaultdict(list)
    seen = {definition.key}
    for kind, body in _everywhere(definition):
        # read back from text, which checks the types and computes the key
        found = _read(replace(definition, body=body), scope)
        if found is not None and found.key not in seen:
            seen.add(found.key)
            kinds[kind].append(found)
    ranked = [[(kind, one) for one in sorted(kinds[kind], key=_rank)] for kind in sorted(kinds)]
    turns = [pair for turn in zip_longest(*ranked) for pair in turn if pair is not None]
    return tuple(Corruption(kind, one) for kind, one in turns[:most])


def _rank(definition: Definition) -> str:
    # by hash: neither the order of places nor the length of the text should favour some changes
    return sha256(definition.key.encode()).hexdigest()


def _read(definition: Definition, scope: Scope) -> Definition | None:
    """`definition`, printed and read again, which checks its types and computes its key; None if it is ill-typed."""
    try:
        found = read_statement(print_statement(definition), scope)
    except NotationError:
        return None
    return found if isinstance(found, Definition) else None


def _everywhere(definition: Definition) -> Iterator[Change]:
    """Every change at every place of the body, each as (kind, whole body)."""
    env: dict[str, Type] = dict.fromkeys(definition.sizes, NAT)
    env.update((p.name, p.type) for p in definition.parameters)
    yield from _of_result(definition.body, definition.result, env)
    for term, known, rebuild in _sites(definition.body, env):
        for kind, changed in _here(term, known):
            yield kind, rebuild(changed)


# --- places ----------------------------------------------------------------------------------------------------------


def _sites(term: Term, env: Mapping[str, Type]) -> Iterator[tuple[Term, Mapping[str, Type], Rebuild]]:
    """Every subterm of `term`, itself first, with the names in scope at its place and a function that replaces it."""
    yield term, env, lambda new: new
    if isinstance(term, Apply | Call | Choice):
        for place, arg in enumerate(term.args):
            for inner, known, rebuild in _sites(arg, env):
                yield inner, known, _within_args(term, place, rebuild)
    elif isinstance(term, Comprehension):
        inside = dict(env)
        for place, clause in enumerate(term.clauses):
            for number, part in enumerate(_parts(clause)):
                # a copy: the generators of later clauses are added to `inside`, and are not in scope here
                for inner, known, rebuild in _sites(part, dict(inside)):
                    yield inner, known, _within_clause(term, place, number, rebuild)
            if isinstance(clause, Generator):
                inside[clause.variable.name] = clause.variable.type
        for inner, known, rebuild in _sites(term.body, inside):
            yield inner, known, _within_body(term, rebuild)


def _within_args(term: Apply | Call | Choice, place: int, rebuild: Rebuild) -> Rebuild:
    return lambda new: replace(term, args=(*term.args[:place], rebuild(new), *term.args[place + 1 :]))


def _within_body(term: Comprehension, rebuild: Rebuild) -> Rebuild:
    return lambda new: replace(term, body=rebuild(new))


def _within_clause(term: Comprehension, place: int, number: int, rebuild: Rebuild) -> Rebuild:
    def put(new: Term) -> Term:
        parts = list(_parts(term.clauses[place]))
        parts[number] = rebuild(new)
        return _with_clause(term, place, _clause(term.clauses[place], parts))

    return put


def _with_clause(term: Comprehension, place: int, clause: Clause | None) -> Comprehension:
    """The comprehension with one clause replaced or, if `clause` is None, without it."""
    between = () if clause is None else (clause,)
    return replace(term, clauses=(*term.clauses[:place], *between, *term.clauses[place + 1 :]))


def _parts(clause: Clause) -> tuple[Term, ...]:
    """The terms inside a clause, in a fixed order. `_clause` puts terms back in this order."""
    if isinstance(clause, IfClause):
        return (clause.term,)
    match clause.source:
        case Range(start, stop):
            return (start, stop)
        case Items(items):
            return (items,)
        case Permutations(n):
            return (n,)
        case Subsets(n, k):
            return (n, k)
    return ()


def _clause(clause: Clause, parts: Sequence[Term]) -> Clause:
    if isinstance(clause, IfClause):
        return IfClause(parts[0])
    source: Source = clause.source
    match source:
        case Range():
            source = Range(parts[0], parts[1])
        case Items():
            source = Items(parts[0])
        case Permutations():
            source = Permutations(parts[0])
        case Subsets():
            source = Subsets(parts[0], parts[1])
    return replace(clause, source=source)


# --- changes ---------------------------------------------------------------------------------------------------------

OPPOSITE = {
    "add": "sub", "sub": "add", "mul": "add", "div": "mul", "floordiv": "mod", "mod": "floordiv",
    "eq": "ne", "ne": "eq", "lt": "le", "le": "lt", "gt": "ge", "ge": "gt",
}  # fmt: skip
OTHER_FOLD = {"sum": "prod", "prod": "sum", "all": "any", "any": "all", "max": "min", "min": "max"}


def _here(term: Term, env: Mapping[str, Type]) -> Iterator[Change]:
    """Changes of `term` as a whole. Changes of its subterms are not among them: they are made at their own places."""
    if isinstance(term, Numeral):
        yield "constant", replace(term, value=term.value + 1)
        if term.value:
            yield "constant", replace(term, value=term.value - 1)
    elif isinstance(term, Truth):
        yield "constant", replace(term, value=not term.value)
    elif isinstance(term, Variable):
        yield from _variable(term, env)
    elif isinstance(term, Apply):
        yield from _apply(term)
    elif isinstance(term, Choice):
        yield from _choice(term)
    elif isinstance(term, Call):
        yield from _call(term, env)
    elif isinstance(term, Comprehension):
        yield from _comprehension(term)


def _variable(term: Variable, env: Mapping[str, Type]) -> Iterator[Change]:
    if isinstance(term.type, MatrixType):
        yield "transposition", _transposed(term, env)
    # only names of the same type, so that the result is well typed
    same = [name for name, type_ in env.items() if name != term.name and type_ == term.type]
    for name in same:
        yield "variable", Variable(name, term.type)


def _apply(term: Apply) -> Iterator[Change]:
    if term.op in OPPOSITE:
        kind = "comparison" if term.op in COMPARISONS else "operation"
        yield kind, replace(term, op=OPPOSITE[term.op])
    # only where the order matters: exchanging the sides of `a + b` would change nothing
    if term.op in ORDERS or term.op in ("sub", "div", "concat"):
        yield "exchange", replace(term, args=term.args[::-1])
    if term.op in ("add", "sub", "mul", "concat", "div", "mod"):
        yield from (("dropped", arg) for arg in term.args)
    if term.op in ("neg", "conj", "not"):
        yield "dropped", term.args[0]
    if term.op == "pow":
        yield "dropped", term.args[0]
    if term.op == "entry":
        array, row, column = term.args
        yield "indices", replace(term, args=(array, column, row))


def _choice(term: Choice) -> Iterator[Change]:
    if term.kind == "if":
        condition, then, other = term.args
        yield "dropped", then
        yield "dropped", other
        yield "negation", replace(term, args=(condition, other, then))
    else:
        yield from (("dropped", arg) for arg in term.args)
        yield "connective", replace(term, kind="or" if term.kind == "and" else "and")


def _call(term: Call, env: Mapping[str, Type]) -> Iterator[Change]:
    for one, two in combinations(range(len(term.args)), 2):
        args = list(term.args)
        args[one], args[two] = args[two], args[one]
        yield "exchange", replace(term, args=tuple(args))
    if isinstance(term.type, MatrixType):
        yield "transposition", _transposed(term, env)
    for arg in term.args:
        if arg.type == term.type:
            yield "dropped", arg


def _comprehension(term: Comprehension) -> Iterator[Change]:
    if term.kind in OTHER_FOLD:
        yield "fold", replace(term, kind=OTHER_FOLD[term.kind])
    for place, clause in enumerate(term.clauses):
        if isinstance(clause, IfClause):
            yield "dropped", _with_clause(term, place, None)
            yield "negation", _with_clause(term, place, IfClause(_apply_to("not", clause.term, BOOL)))
        elif isinstance(clause.source, Range):
            start, stop = clause.source.start, clause.source.stop
            # the two usual mistakes with a range: its first or its last value left out
            later = Range(_plus_one(start), stop)
            earlier = Range(start, Apply("sub", (stop, Numeral(1, NAT)), NAT))
            for source in (later, earlier):
                yield "range", _with_clause(term, place, replace(clause, source=source))
    if term.body.type == BOOL:
        yield "negation", replace(term, body=_apply_to("not", term.body, BOOL))


def _of_result(body: Term, result: Type, env: Mapping[str, Type]) -> Iterator[Change]:
    """Changes of the whole result: a multiple, the other sign, a constant, a negation, one more."""
    if isinstance(result, BoolType):
        yield "negation", _apply_to("not", body, BOOL)
        yield "constant", Truth(True)
        yield "constant", Truth(False)
    elif isinstance(result, NatType):
        yield "multiple", _plus_one(body)
        yield "constant", Numeral(0, NAT)
    elif isinstance(result, ScalarType):
        yield from _of_scalar(body)
        yield "constant", Numeral(0, SCALAR)
    elif isinstance(result, VectorType | MatrixType):
        # inside a comprehension its entry is changed directly; any other array is taken apart entry by entry
        if isinstance(body, Comprehension) and body.kind in ("vector", "matrix"):
            yield from ((kind, replace(body, body=entry)) for kind, entry in _of_scalar(body.body))
        else:
            yield from ((kind, _array(result, env, entry)) for kind, entry in _of_scalar(_entry(body, result, env)))


def _of_scalar(term: Term) -> Iterator[Change]:
    yield "multiple", Apply("mul", (Numeral(2, SCALAR), term), SCALAR)
    yield "sign", _apply_to("neg", term, SCALAR)
    if not (isinstance(term, Apply) and term.op == "conj"):
        yield "conjugation", _apply_to("conj", term, SCALAR)


def _apply_to(op: str, term: Term, type_: Type) -> Apply:
    return Apply(op, (term,), type_)


def _plus_one(term: Term) -> Term:
    return Numeral(term.value + 1, NAT) if isinstance(term, Numeral) else Apply("add", (term, Numeral(1, NAT)), NAT)


# --- arrays, entry by entry ------------------------------------------------------------------------------------------


def _fresh(env: Mapping[str, Type], count: int) -> list[Variable]:
    """Index variables with names that are not in scope."""
    # enough candidates: at most `len(env)` of them are in scope
    names = (f"x{number}" for number in range(len(env) + count))
    return [Variable(name, NAT) for name in names if name not in env][:count]


def _entry(array: Term, type_: VectorType | MatrixType, env: Mapping[str, Type]) -> Term:
    if isinstance(type_, VectorType):
        return Apply("component", (array, *_fresh(env, 1)), SCALAR)
    return Apply("entry", (array, *_fresh(env, 2)), SCALAR)


def _array(type_: VectorType | MatrixType, env: Mapping[str, Type], entry: Term) -> Term:
    """The array of type `type_` whose entries are `entry`, a term over the index variables that `_fresh` returns."""
    sizes = (type_.size,) if isinstance(type_, VectorType) else (type_.rows, type_.columns)
    clauses = [
        Generator(variable, Range(Numeral(0, NAT), size))
        for variable, size in zip(_fresh(env, len(sizes)), sizes, strict=True)
    ]
    return Comprehension("vector" if isinstance(type_, VectorType) else "matrix", entry, tuple(clauses), type_)


def _transposed(term: Variable | Call, env: Mapping[str, Type]) -> Term:
    assert isinstance(term.type, MatrixType), print_type(term.type)
    row, column = _fresh(env, 2)
    turned = MatrixType(term.type.columns, term.type.rows)
    return _array(turned, env, Apply("entry", (term, column, row), SCALAR))
