"""What a claim says, up to differences in writing that make no difference to a reader.

Two claims say the same if they differ only in names, in the order of parameters, in which side of an equation or
comparison stands first, or in the order and bracketing of operands of `+`, `*`, `and` and `or`, conjuncts of hypotheses
included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import permutations

from relay.notation.canonical import canonical_claim, canonical_term, content_key
from relay.notation.comparisons import EQUALITIES, TURNED
from relay.notation.rewriting import with_children
from relay.notation.syntax import (
    NAT,
    Apply,
    Call,
    Choice,
    Clause,
    Comprehension,
    Generator,
    IfClause,
    ListType,
    MatrixType,
    NatType,
    Parameter,
    ScalarType,
    Source,
    Term,
    Type,
    Values,
    Variable,
    VectorType,
)
from relay.notation.traversal import map_source, operands
from relay.scoring.credit.signatures import MOST_PARAMETERS, bare_sizes

COMMUTATIVE = frozenset(("add", "mul"))


def saying(over: str, parameters: Sequence[Parameter], hypothesis: Term | None, body: Term) -> str:
    """A hash that two claims share exactly if they say the same. Called definitions are compared by their keys."""
    return content_key(min(_written(over, order, hypothesis, body) for order in _orders(parameters)))


def _orders(parameters: Sequence[Parameter]) -> Iterator[Sequence[Parameter]]:
    # at most 5! = 120 texts; claims with more parameters are compared in the order in which they are written
    return iter(permutations(parameters)) if len(parameters) <= MOST_PARAMETERS else iter([tuple(parameters)])


def _written(over: str, parameters: Sequence[Parameter], hypothesis: Term | None, body: Term) -> str:
    # Names become places, so the text depends on the order of parameters; `saying` takes the least of all orders.
    names: dict[str, Variable] = {name: Variable(f"s{k}", NAT) for k, name in enumerate(bare_sizes(parameters))}
    sizes = [variable.name for variable in names.values()]
    names.update((p.name, Variable(f"p{k}", p.type)) for k, p in enumerate(parameters))
    renamed = [Parameter(f"p{k}", _type(p.type, names, 0)) for k, p in enumerate(parameters)]
    where = None if hypothesis is None else _ordered(hypothesis, names, 0)
    return canonical_claim(over, renamed, sizes, where, _ordered(body, names, 0))


def _ordered(term: Term, names: Mapping[str, Variable], depth: int) -> Term:
    """`term` with `names` replaced, and with operands whose order makes no difference sorted by their canonical text.

    `depth` is the number of names that are bound around the term.
    """
    if isinstance(term, Variable):
        return names.get(term.name, term)
    if isinstance(term, Comprehension):
        return _comprehension(term, names, depth)
    if isinstance(term, Choice) and term.kind in ("and", "or"):
        # nested conjunctions are flattened first, so that bracketing makes no difference
        parts = _sorted([_ordered(part, names, depth) for part in operands(term, term.kind)])
        return reduce(lambda later, part: Choice(term.kind, (part, later), term.type), reversed(parts))
    if isinstance(term, Choice):
        return Choice(term.kind, tuple(_ordered(arg, names, depth) for arg in term.args), term.type)
    if isinstance(term, Call):
        args = tuple(_ordered(arg, names, depth) for arg in term.args)
        return Call(term.name, term.key, args, term.type)
    if isinstance(term, Apply):
        return _apply(term, names, depth)
    return with_children(term, lambda child: _ordered(child, names, depth))


def _apply(term: Apply, names: Mapping[str, Variable], depth: int) -> Term:
    # only the type of an empty list appears in canonical text, so only there names in it must be replaced
    type_ = _type(term.type, names, depth) if term.op == "list" else term.type
    if term.op in COMMUTATIVE and isinstance(term.type, NatType | ScalarType):
        parts = _sorted([_ordered(part, names, depth) for part in _operands(term, term.op)])
        return reduce(lambda before, part: Apply(term.op, (before, part), type_), parts)
    args = [_ordered(arg, names, depth) for arg in term.args]
    if term.op in EQUALITIES:
        args = _sorted(args)
    if term.op in TURNED:
        return Apply(TURNED[term.op], tuple(reversed(args)), type_)
    return Apply(term.op, tuple(args), type_)


def _comprehension(term: Comprehension, names: Mapping[str, Variable], depth: int) -> Term:
    inner = dict(names)
    clauses: list[Clause] = []
    for clause in term.clauses:
        if isinstance(clause, IfClause):
            clauses.append(IfClause(_ordered(clause.term, inner, depth)))
            continue
        # bound names become their depth, so that their choice makes no difference
        variable = Variable(f"b{depth}", clause.variable.type)
        clauses.append(Generator(variable, _source(clause.source, inner, depth)))
        inner[clause.variable.name] = variable
        depth += 1
    return Comprehension(term.kind, _ordered(term.body, inner, depth), tuple(clauses), term.type)


def _source(source: Source, names: Mapping[str, Variable], depth: int) -> Source:
    if isinstance(source, Values):
        return Values(_type(source.type, names, depth))
    return map_source(source, lambda inner: _ordered(inner, names, depth))


def _type(type_: Type, names: Mapping[str, Variable], depth: int) -> Type:
    if isinstance(type_, VectorType):
        return VectorType(_ordered(type_.size, names, depth))
    if isinstance(type_, MatrixType):
        return MatrixType(_ordered(type_.rows, names, depth), _ordered(type_.columns, names, depth))
    return ListType(_type(type_.item, names, depth)) if isinstance(type_, ListType) else type_


def _operands(term: Term, op: str) -> list[Term]:
    if isinstance(term, Apply) and term.op == op:
        return [part for arg in term.args for part in _operands(arg, op)]
    return [term]


def _sorted(terms: list[Term]) -> list[Term]:
    return sorted(terms, key=canonical_term)
