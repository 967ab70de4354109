"""Brute force: all values in GF(2), GF(3) and GF(4) at the smallest sizes, one by one, by the naive evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from random import Random
from typing import Any

from relay.checker.referee.cases import Case, cases
from relay.notation.syntax import (
    BoolType,
    Claim,
    Definition,
    ListType,
    MatrixType,
    NatType,
    Type,
    VectorType,
)
from relay.notation.traversal import type_terms
from tests.evaluation.naive import Exhausted, Field, Lst, Mat, Naive, Undefined, Vec, prime, table

FIELDS: Mapping[str, Field] = {"GF(2)": prime(2), "GF(3)": prime(3), "GF(4)": table(2, 2)}
MOST = 81
"""If one field and case has more values than this, only `DRAWN` random ones are tried."""
DRAWN = 12
NODES = 12_000
"""Evaluated nodes that one claim may take."""
FUEL = 4_000
"""Evaluated nodes that one value may take."""

VACUOUS, TRUE, FALSE, UNDEFINED, RAN_OUT = "vacuous", "true", "false", "undefined", "ran out"


@dataclass(frozen=True)
class Point:
    """One value of all parameters, with its field and case."""

    field: str
    case: Case
    names: Mapping[str, Any]

    def words(self) -> str:
        return f"{dict(self.names)} in {self.field}"


@dataclass
class Search:
    """The results of a search: the number of tried values, and the first value of each kind."""

    tried: int = 0
    satisfied: Point | None = None
    false: Point | None = None
    undefined: Point | None = None
    ran_out: bool = False

    @property
    def says(self) -> str:
        if self.false is not None:
            return FALSE
        if self.undefined is not None:
            return UNDEFINED
        return TRUE if self.satisfied is not None else RAN_OUT if self.ran_out else VACUOUS


def search(claim: Claim, definitions: Mapping[str, Definition], seed: int = 1) -> Search:
    """Try the smallest cases first, until the nodes are spent or a counterexample is found."""
    found = Search()
    nodes = NODES
    random = Random(f"{seed}:{claim.key}")
    for case in cases(claim):
        for name, field in FIELDS.items():
            for names in _points(claim, field, case, random):
                says, spent = value(claim, definitions, field, names, FUEL)
                found.tried += 1
                nodes -= spent
                point = Point(name, case, names)
                if says == RAN_OUT:
                    found.ran_out = True
                    break  # other values of this case are hardly cheaper
                if says == FALSE:
                    found.false = point
                    return found
                if says == UNDEFINED and found.undefined is None:
                    found.undefined = point
                if says != VACUOUS and found.satisfied is None:
                    found.satisfied = point
                if nodes < 0:
                    return found
    return found


def value(
    claim: Claim, definitions: Mapping[str, Definition], field: Field, names: Mapping[str, Any], fuel: int
) -> tuple[str, int]:
    """Return the result of the claim at one value, and the nodes that it took."""
    naive = Naive(field, definitions, fuel)
    try:
        if claim.hypothesis is not None:
            try:
                if not naive.run(claim.hypothesis, names, None, 0):
                    return VACUOUS, naive.fuel
            except Undefined:
                return VACUOUS, naive.fuel
        return (TRUE if naive.run(claim.body, names, None, 0) else FALSE), naive.fuel
    except Undefined:
        return UNDEFINED, naive.fuel
    except Exhausted:
        return RAN_OUT, naive.fuel


def sizes_of(type_: Type, names: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Return the sizes in a parameter's type; None if one is undefined."""
    try:
        return tuple(Naive(FIELDS["GF(2)"], {}, FUEL).free(term, names) for term in type_terms(type_))
    except (Undefined, Exhausted):
        return None


def _points(claim: Claim, field: Field, case: Case, random: Random) -> Iterator[dict[str, Any]]:
    """Yield values of the parameters and sizes by name: all, or `DRAWN` random ones if there are too many."""
    names: dict[str, Any] = {
        **case.numbers,
        **{name: Lst((0,) * lengths[0]) for name, lengths in case.lengths.items()},  # for `len` in a size
    }
    shapes = []
    for parameter in claim.parameters:
        if isinstance(parameter.type, NatType):
            continue
        sizes = sizes_of(parameter.type, names)
        if sizes is None:
            return
        shapes.append((parameter, sizes, case.lengths.get(parameter.name, ())))
    alphabets: list[tuple[Any, ...]] = []
    for parameter, sizes, lengths in shapes:
        inner = parameter.type
        while isinstance(inner, ListType):
            inner = inner.item
        letters = (False, True) if isinstance(inner, BoolType) else field.elements
        if isinstance(inner, NatType):
            letters = (0, 1, 2)
        alphabets += [letters] * (prod(sizes) * prod(lengths))
    if len(alphabets) > 60:
        return
    if prod(len(a) for a in alphabets) <= MOST:
        rows: Iterator[tuple[Any, ...]] = product(*alphabets)
    else:
        rows = islice(iter(lambda: tuple(random.choice(a) for a in alphabets), None), DRAWN)
    for row in rows:
        left = iter(row)
        yield {**case.numbers, **{p.name: build(p.type, sizes, lengths, left) for p, sizes, lengths in shapes}}


def build(type_: Type, sizes: tuple[int, ...], lengths: tuple[int, ...], left: Iterator[Any]) -> Any:
    """Return a value of a type, built from its parts in order."""
    if isinstance(type_, ListType):
        return Lst(tuple(build(type_.item, sizes, lengths[1:], left) for _ in range(lengths[0])), sizes)
    if isinstance(type_, VectorType):
        return Vec(tuple(islice(left, sizes[0])))
    if isinstance(type_, MatrixType):
        return Mat(sizes[0], sizes[1], tuple(tuple(islice(left, sizes[1])) for _ in range(sizes[0])))
    return next(left)
