"""The canonical form of a statement, and its content hash.

The canonical form is an S-expression without names: parameters, sizes and bound variables are written as positions,
calls as the keys of their targets, and the statement's own name is dropped. Two statements have the same key exactly if
they differ only in these names, in layout, in redundant brackets, and in comments.

A type is written only if the rest of the form does not determine it: for parameters, results, numerals, empty lists,
and types that a generator ranges over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    FnType,
    IfClause,
    Items,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Parameter,
    Partial,
    Permutations,
    Range,
    ScalarType,
    SortType,
    Source,
    Subsets,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)

__all__ = ["canonical_claim", "canonical_definition", "canonical_term", "content_key"]

Positions = Mapping[str, str]
"""Name in scope -> its position: `p0` for a parameter, `s1` for a size, `b2` for a bound variable."""


def content_key(canonical: str) -> str:
    """The first 32 hexadecimal digits of the SHA-256 of a canonical form."""
    # 128 bits keep keys short in logs and still exclude accidental collisions.
    return sha256(canonical.encode("ascii")).hexdigest()[:32]


def canonical_definition(parameters: Sequence[Parameter], sizes: Sequence[str], result: Type, body: Term) -> str:
    """The canonical form of a definition."""
    names = _positions(parameters, sizes)
    return f"(define {_parameters(parameters, names)} {_type(result, names)} {_term(body, names)})"


def canonical_claim(
    over: str, parameters: Sequence[Parameter], sizes: Sequence[str], hypothesis: Term | None, body: Term
) -> str:
    """The canonical form of a claim."""
    names = _positions(parameters, sizes)
    where = "()" if hypothesis is None else _term(hypothesis, names)
    return f"(claim {over} {_parameters(parameters, names)} {where} {_term(body, names)})"


def canonical_term(term: Term) -> str:
    """The canonical form of a term. Its free variables keep their names."""
    return _term(term, {})


def _positions(parameters: Sequence[Parameter], sizes: Sequence[str]) -> dict[str, str]:
    names = {name: f"s{index}" for index, name in enumerate(sizes)}
    names.update((parameter.name, f"p{index}") for index, parameter in enumerate(parameters))
    return names


def _parameters(parameters: Sequence[Parameter], names: Positions) -> str:
    return "(" + " ".join(_type(parameter.type, names) for parameter in parameters) + ")"


def _type(type: Type, names: Positions) -> str:
    if isinstance(type, NatType):
        return "Nat"
    if isinstance(type, BoolType):
        return "Bool"
    if isinstance(type, ScalarType):
        return "Scalar"
    if isinstance(type, SortType):
        return f"(sort {type.name})"
    if isinstance(type, VectorType):
        return f"(Vector {_term(type.size, names)})"
    if isinstance(type, MatrixType):
        return f"(Matrix {_term(type.rows, names)} {_term(type.columns, names)})"
    if isinstance(type, FnType):
        return f"(Fn {' '.join(_type(part, names) for part in (*type.parameters, type.result))})"
    return f"(List {_type(type.item, names)})"


def _term(term: Term, names: Positions) -> str:
    if isinstance(term, Variable):
        return names.get(term.name) or f"(free {term.name})"
    if isinstance(term, Numeral):
        # `n2` and `x2`: the Nat 2 and the Scalar 2 are different terms.
        return f"{'n' if isinstance(term.type, NatType) else 'x'}{term.value}"
    if isinstance(term, Truth):
        return str(term.value)
    if isinstance(term, Apply):
        if term.op == "list" and not term.args:
            return f"(list-of {_type(_item(term.type), names)})"
        # No type is written: the operands' own types distinguish Nat arithmetic from scalar arithmetic.
        return f"({' '.join([term.op, *[_term(arg, names) for arg in term.args]])})"
    if isinstance(term, Call):
        return f"({' '.join(['call', term.key, *(_term(arg, names) for arg in term.args)])})"
    if isinstance(term, Partial):
        # `sizes` are not written: the place where the function stands determines them.
        return f"({' '.join(['function', term.key, *(_term(arg, names) for arg in term.args)])})"
    if isinstance(term, Choice):
        return f"({' '.join([term.kind, *(_term(arg, names) for arg in term.args)])})"
    return _comprehension(term, names)


def _item(type: Type) -> Type:
    if not isinstance(type, ListType):
        raise TypeError(f"an empty list has a list type, not {type}")
    return type.item


def _comprehension(term: Comprehension, names: Positions) -> str:
    # A variable is numbered by the count of bound variables around it. Generators side by side then get equal numbers
    # whether or not they share a name.
    inner = dict(names)
    bound = sum(position.startswith("b") for position in names.values())
    clauses: list[str] = []
    for clause in term.clauses:
        if isinstance(clause, IfClause):
            clauses.append(f"(if {_term(clause.term, inner)})")
            continue
        clauses.append(f"(for {_source(clause.source, inner)})")
        inner[clause.variable.name] = f"b{bound}"
        bound += 1
    return f"(of {term.kind} {' '.join(clauses)} {_term(term.body, inner)})"


def _source(source: Source, names: Positions) -> str:
    if isinstance(source, Range):
        return f"(range {_term(source.start, names)} {_term(source.stop, names)})"
    if isinstance(source, Items):
        return f"(items {_term(source.list, names)})"
    if isinstance(source, Permutations):
        return f"(permutations {_term(source.n, names)})"
    if isinstance(source, Subsets):
        return f"(subsets {_term(source.n, names)} {_term(source.k, names)})"
    return f"(values {_type(source.type, names)})"
