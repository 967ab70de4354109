"""The definitions that the explorer passes on when not all have room."""

from __future__ import annotations

import pytest
from numpy.random import PCG64, Generator

from agents.explorer.callables import callable_from
from agents.explorer.closed_terms import ClosedSearch
from agents.explorer.conjectures import said_by_others
from agents.explorer.curation import CuratePayload, curate
from agents.explorer.signatures import signature_of
from relay.notation import Scope, read_statement
from relay.notation.syntax import Claim, Definition
from relay.records.task import Given
from relay.researcher.bench import LocalBench

FIELDS = Given(scalars=True)
TRANSPOSE = "define tr(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))"
ONE = "define one(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))"
SQUARE = "define sq(A: Matrix[n, n]) -> Matrix[n, n] = matrix(A[j, i] for i in range(n) for j in range(n))"
CONJUGATE = "define cj(A: Matrix[m, n]) -> Matrix[m, n] = matrix(conj(A[i, j]) for i in range(m) for j in range(n))"
ADJOINT = "define adj(A: Matrix[m, n]) -> Matrix[n, m] = matrix(conj(A[j, i]) for i in range(n) for j in range(m))"
DIFFERENCE = (
    "define sub(A: Matrix[m, n], B: Matrix[m, n]) -> Matrix[m, n] = "
    "matrix(A[i, j] - B[i, j] for i in range(m) for j in range(n))"
)
SUM = DIFFERENCE.replace("sub", "add").replace(" - ", " + ")
TWICE = "define sym(A: Matrix[n, n]) -> Matrix[n, n] = matrix(A[i, j] + A[j, i] for i in range(n) for j in range(n))"
SCALED = (
    "define sc(a: Scalar, A: Matrix[m, n]) -> Matrix[m, n] = matrix(a * A[i, j] for i in range(m) for j in range(n))"
)
BACKWARD = (
    "define bw(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] = "
    "matrix(sum(B[k, i] * A[j, k] for k in range(n)) for i in range(n) for j in range(n))"
)
PRODUCT = "define mul(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] = tr(bw(A, B))"


def _library(*sources: str) -> tuple[tuple[str, Definition], ...]:
    scope, library = Scope(FIELDS), []
    for source in sources:
        definition = read_statement(source, scope)
        assert isinstance(definition, Definition)
        scope = scope.adding(definition)
        library.append((definition.name, definition))
    return tuple(library)


def _kept(room: int, *sources: str, evaluations: int = 20_000) -> tuple[str, ...]:
    return curate(LocalBench(FIELDS, evaluations), CuratePayload(_library(*sources), (), {}, room))


def test_what_better_definitions_say_goes_first() -> None:
    assert set(_kept(150, SQUARE, TRANSPOSE, CONJUGATE, SCALED)) == {"tr", "cj", "sc"}
    assert "adj" not in _kept(150, ADJOINT, TRANSPOSE, CONJUGATE, SCALED)
    assert "adj" in _kept(150, ADJOINT, TRANSPOSE, SCALED)


def test_a_roundabout_way_to_say_something_is_no_reason_to_drop_it() -> None:
    # A transpose is also a symmetric sum less the matrix itself.
    assert _kept(60, TWICE, DIFFERENCE, TRANSPOSE) == ("tr",)


def test_a_composition_with_a_law_of_its_own_is_kept_with_what_it_rests_on() -> None:
    assert "mul" in _kept(140, BACKWARD, TRANSPOSE, PRODUCT)


def test_nothing_is_kept_without_room_and_everything_with_much() -> None:
    everything = (SQUARE, TRANSPOSE, CONJUGATE, ADJOINT, DIFFERENCE)
    assert _kept(20, *everything) == ()
    assert sorted(_kept(3_000, *everything)) == ["adj", "cj", "sq", "sub", "tr"]


@pytest.mark.parametrize("evaluations", [*range(12), 40, 90, 200])
def test_it_gets_by_with_what_is_left(evaluations: int) -> None:
    kept = _kept(
        100, SCALED, TRANSPOSE, "define double(a: Scalar, b: Scalar) -> Scalar = a + b", evaluations=evaluations
    )
    assert 1 <= len(kept) <= 3


def test_a_claim_may_say_a_definition_by_others() -> None:
    library = _library(TRANSPOSE, CONJUGATE, ADJOINT, SUM)
    scope, keys = Scope(FIELDS, dict(library)), {name: definition.key for name, definition in library}

    def said(claim: str) -> list[tuple[str, frozenset[str]]]:
        statement = read_statement(claim, scope)
        assert isinstance(statement, Claim)
        return list(said_by_others(statement))

    whole = frozenset({keys["tr"], keys["cj"]})
    assert said("claim (A: Matrix[m, n]): adj(A) == tr(cj(A))") == [(keys["adj"], whole)]
    assert said("claim (A: Matrix[m, n]): tr(cj(A)) == adj(A)") == [(keys["adj"], whole)]
    assert said("claim (A: Matrix[m, n]): tr(tr(A)) == A") == []
    assert said("claim (A: Matrix[m, n], B: Matrix[m, n]): add(B, A) == add(A, B)") == []
    assert said("claim (A: Matrix[m, n]): cj(A) == A") == []
    assert said("claim (A: Matrix[n, n]) where tr(A) == A: adj(A) == tr(cj(A))") == []
    assert said("claim (A: Matrix[n, n]): adj(tr(A)) == cj(A)") == [(keys["cj"], frozenset({keys["adj"], keys["tr"]}))]


def test_what_is_compared_takes_sizes_alone_for_arguments() -> None:
    library = _library(
        "define one(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))"
    )
    callables = [each for name, definition in library if (each := callable_from(name, definition)) is not None]
    signature = signature_of([("n", "n")])
    arrays = LocalBench(FIELDS, 100).arrays(signature.shapes)
    search = ClosedSearch(arrays, signature, callables, {d.key: d for _, d in library}, 18, Generator(PCG64(0)))
    search.recall(lambda: 50)
    assert [piece.text for piece in search.pool.pieces["n", "n"]] == ["A", "one(n)"]
