"""The known texts define the determinant and the adjugate; similar texts with another meaning are not recognised."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from relay.checker.symbolic import functions
from relay.checker.symbolic.functions import known
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given
from tests.checker.symbolic.valuing import scope
from tests.evaluation.naive import Field, Mat, Naive, prime, table

FIELDS = (prime(101), table(3, 2))
LARGEST = 4
FUEL = 10**7


def defined(source: str, within: Scope | None = None) -> Definition:
    found = read_statement(source, within or Scope(Given(scalars=True)))
    assert isinstance(found, Definition)
    return found


def drawn(n: int, field: Field, random: Random) -> Mat:
    return Mat(n, n, tuple(tuple(random.choice(field.elements or range(101)) for _ in range(n)) for _ in range(n)))


def determinant(matrix: Mat, field: Field) -> Any:
    """Compute the determinant by its first row, on tuples, independently of the notation."""
    if matrix.rows == 0:
        return field.number(1)
    total = field.number(0)
    for j, entry in enumerate(matrix.data[0]):
        rest = tuple(row[:j] + row[j + 1 :] for row in matrix.data[1:])
        part = field.mul(entry, determinant(Mat(matrix.rows - 1, matrix.rows - 1, rest), field))
        total = field.add(total, field.neg(part) if j % 2 else part)
    return total


def adjugate(matrix: Mat, field: Field) -> Mat:
    n, data = matrix.rows, matrix.data
    entries = [[field.number(0)] * n for _ in range(n)]
    for i, j in product(range(n), repeat=2):
        rest = tuple(row[:i] + row[i + 1 :] for k, row in enumerate(data) if k != j)
        minor = determinant(Mat(n - 1, n - 1, rest), field)
        entries[i][j] = field.neg(minor) if (i + j) % 2 else minor
    return Mat(n, n, tuple(map(tuple, entries)))


def values(
    definition: Definition, definitions: dict[str, Definition], n: int, seed: str
) -> list[tuple[Any, Mat, Field]]:
    found = []
    for place, field in enumerate(FIELDS):
        matrix = drawn(n, field, Random(f"{seed} {n} {place}"))
        naive = Naive(field, definitions, FUEL)
        found.append((naive.call(definition, [matrix]), matrix, field))
    return found


TEXTS = functions.texts()


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_text_of_the_determinant_is_the_determinant(place: int) -> None:
    text, least = TEXTS[place]
    definition = defined(f"define det(A: Matrix[n, n]) -> Scalar = {text.replace('self(', 'det(')}")
    assert known(definition, {}) == functions.Known(functions.DET, least)
    for n in range(least, LARGEST + 1):
        for value, matrix, field in values(definition, {}, n, text):
            assert value == determinant(matrix, field)


@pytest.mark.parametrize("minor", functions.COFACTOR_MINORS)
@pytest.mark.parametrize("sign", functions.COFACTOR_SIGNS)
def test_a_text_of_the_adjugate_is_the_adjugate(minor: str, sign: str) -> None:
    within, definitions = scope()
    text = f"matrix({sign} * det({minor}) for i in range(n) for j in range(n))"
    definition = defined(f"define adj(A: Matrix[n, n]) -> Matrix[n, n] = {text}", within)
    found = known(definition, definitions)
    assert found == functions.Known(functions.ADJ, 1)
    for n in range(found.least, LARGEST + 1):
        for value, matrix, field in values(definition, dict(definitions), n, text):
            assert value == adjugate(matrix, field)


def test_least_sizes_are_needed() -> None:
    """A text that is right from size 1 on is not recognised as right from size 0 on, where it has another value."""
    for text, least in TEXTS:
        if least:
            definition = defined(f"define det(A: Matrix[n, n]) -> Scalar = {text.replace('self(', 'det(')}")
            assert all(value != determinant(matrix, field) for value, matrix, field in values(definition, {}, 0, text))


LOOK_ALIKES = (
    "det_lost", "det_below", "det_plus", "det_minus", "det_row", "det_minor", "det_short", "det_zero", "det_two",
    "det_square", "det_conj", "det_last", "det_odd", "det_wide", "cofactors", "adj_plus", "adj_of_plus", "permanent",
    "trace", "antitrace",
)  # fmt: skip


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_looks_like_a_known_function_is_not_one(name: str) -> None:
    definitions = scope()[1]
    (definition,) = [d for d in definitions.values() if d.name == name]
    assert known(definition, definitions) is None


@pytest.mark.parametrize(
    "source",
    [
        "1 if n == 0 else sum((-1) ** j * A[0, j] * d(boxed(minor(A, 0, j), n - 1)) for j in range(n))",
        "1 if n == 0 else sum((-1) ** j * first_of(A[0, j], 1 / A[0, j]) * d(minor(A, 0, j)) for j in range(n))",
        "1 if n == 0 else sum((-1) ** j * A[0, j] * d(minor(A, 0, j)) for j in range(1, n))",
        "1 if n == 1 else sum((-1) ** j * A[0, j] * d(minor(A, 0, j)) for j in range(n))",
        "1 if n <= 1 else sum((-1) ** j * A[0, j] * d(minor(A, 0, j)) for j in range(n))",
        "1 if n == 0 else sum((-1) ** (j * j + 1) * A[0, j] * d(minor(A, 0, j)) for j in range(n))",
        "1 if n == 0 else sum((-1) ** j * A[0, j] * d(minor(A, 0, 0)) for j in range(n))",
        "1 if n == 0 else sum((-1) ** j * A[j, j] * d(minor(A, 0, j)) for j in range(n))",
        "1 if n == 0 else prod((-1) ** j * A[0, j] * d(minor(A, 0, j)) for j in range(n))",
        "1 if n == 0 else sum((-1) ** j * A[0, j] * (1 - 0 * d(minor(A, 0, j))) for j in range(n))",
        "1 if n == 0 else sum((1 if j % 2 == 1 else -1) * A[0, j] * d(minor(A, 0, j)) for j in range(n))",
        "1 if n == 0 else sum((1 if j % 3 == 0 else -1) * A[0, j] * d(minor(A, 0, j)) for j in range(n))",
    ],
)
def test_a_changed_text_is_not_recognised(source: str) -> None:
    within, definitions = scope()
    definition = defined(f"define d(A: Matrix[n, n]) -> Scalar = {source}", within)
    assert known(definition, definitions) is None
