"""Evaluation of claims by the naive evaluator, at random values and small sizes, in small fields with an involution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import (
    Claim,
    Definition,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    Type,
    VectorType,
)
from relay.records.task import Given
from tests.evaluation.naive import RATIONALS, Exhausted, Field, Lst, Mat, Naive, Undefined, Vec, prime, table

HERE = Path(__file__).parent
FIELDS = (prime(2), prime(3), prime(5), table(2, 2), table(3, 2))
"""The involution of GF(4) and GF(9) is the Frobenius map."""
REAL_FIELDS = (RATIONALS,)
FUEL = 200_000
LARGEST_SIZE = 3


@cache
def scope() -> tuple[Scope, Mapping[str, Definition]]:
    """Return the definitions of the corpora, by name and by key."""
    found, known = Scope(Given(scalars=True)), {}
    for path in (HERE.parent / "soundness" / "definitions.relay", HERE / "definitions.relay"):
        for located in split_statements(path.read_text()):
            definition = read_statement(located.source, found)
            assert isinstance(definition, Definition)
            found, known[definition.key] = found.adding(definition), definition
    return found, known


def claims(name: str) -> Iterator[Claim]:
    """Yield the claims of a file in this folder."""
    for located in split_statements((HERE / name).read_text()):
        claim = read_statement(located.source, scope()[0])
        assert isinstance(claim, Claim)
        yield claim


def drawn(claim: Claim, field: Field, random: Random) -> dict[str, Any]:
    """Return values for the sizes and parameters of a claim: dense, sparse, or structured as hypotheses require."""
    names: dict[str, Any] = {name: random.randint(1, LARGEST_SIZE) for name in claim.sizes}
    for parameter in claim.parameters:
        if isinstance(parameter.type, NatType):
            names[parameter.name] = random.randint(0, 4)
    naive = Naive(field, scope()[1], FUEL)
    elements = field.elements or tuple(field.number(k) for k in range(-3, 4))
    pool = random.choice((elements, (field.number(0), field.number(1)), (field.number(0), random.choice(elements))))
    for parameter in claim.parameters:
        if parameter.name not in names:
            names[parameter.name] = _value(parameter.type, names, naive, pool, random)
    return names


def _value(type_: Type, names: Mapping[str, Any], naive: Naive, pool: tuple[Any, ...], random: Random) -> Any:
    if isinstance(type_, ScalarType):
        return random.choice(pool)
    if isinstance(type_, VectorType):
        return Vec(tuple(random.choice(pool) for _ in range(naive.free(type_.size, names))))
    if isinstance(type_, MatrixType):
        rows, columns = naive.free(type_.rows, names), naive.free(type_.columns, names)
        data = [[random.choice(pool) for _ in range(columns)] for _ in range(rows)]
        if rows == columns:
            _structured(data, naive.field, random)
        return Mat(rows, columns, tuple(map(tuple, data)))
    assert isinstance(type_, ListType)
    items = tuple(_value(type_.item, names, naive, pool, random) for _ in range(random.randint(0, 2)))
    sizes: tuple[int, ...] = ()
    if isinstance(type_.item, VectorType):
        sizes = (naive.free(type_.item.size, names),)
    if isinstance(type_.item, MatrixType):
        sizes = (naive.free(type_.item.rows, names), naive.free(type_.item.columns, names))
    return Lst(items, sizes)


def _structured(data: list[list[Any]], field: Field, random: Random) -> None:
    """Sometimes make a square matrix symmetric, skew, Hermitian, skew-Hermitian, diagonal, triangular, a permutation or
    zero, in place."""
    size, kind = len(data), random.randrange(16)
    order = random.sample(range(size), size)
    for i in range(size):
        for j in range(size):
            if kind == 0 and i < j:
                data[i][j] = data[j][i]
            elif kind == 1:
                data[i][j] = field.number(0) if i == j else data[i][j] if i > j else field.neg(data[j][i])
            elif kind in (2, 3) and i <= j:
                mirrored = field.conj(data[j][i])
                data[i][j] = mirrored if kind == 2 else field.neg(mirrored)
            elif (kind == 4 and i != j) or (kind == 5 and i > j) or kind == 6:
                data[i][j] = field.number(0)
            elif kind in (7, 8):
                data[i][j] = field.number(int(order[i] == j))
            elif kind == 9:
                data[i][j] = field.number(int(i == j))


def verdict(claim: Claim, names: Mapping[str, Any], field: Field) -> bool | None:
    """Return whether the claim is true and defined at these values; None if its hypothesis is not satisfied."""
    naive = Naive(field, scope()[1], FUEL)
    if claim.hypothesis is not None:
        try:
            if not naive.run(claim.hypothesis, names, None, 0):
                return None
        except (Undefined, Exhausted):
            return None
    try:
        return bool(naive.run(claim.body, names, None, 0))
    except Undefined:
        return False
    except Exhausted:
        return None


def counterexample(claim: Claim, draws: int, random: Random) -> tuple[int, dict[str, Any]] | None:
    """Return the place of a field, and values that satisfy the hypothesis but not the claim; None if none was drawn."""
    fields = REAL_FIELDS if claim.over == "reals" else FIELDS
    for _ in range(draws):
        place = random.randrange(len(fields))
        try:
            names = drawn(claim, fields[place], random)
        except Undefined:
            continue
        if verdict(claim, names, fields[place]) is False:
            return place, names
    return None
