"""Proofs at all sizes of claims whose truth is known: no claim is proved that is false or undefined somewhere."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from relay.checker.symbolic import Certificate, prove
from relay.notation import read_statement, split_statements
from relay.notation.syntax import Claim
from tests.checker.symbolic.valuing import FIELDS, claims, counterexample, scope

SOUNDNESS = Path(__file__).parent.parent / "soundness"
DRAWS_FALSE = 6_000
"""Largest number of draws for a false claim. A counterexample ends the search."""
DRAWS_TRUE = 60


@cache
def listed(name: str) -> dict[str, Claim]:
    return {" ".join(claim.source.split()): claim for claim in claims(name)}


def proved(claim: Claim) -> Certificate | None:
    return prove(claim, scope()[1])


def read(source: str) -> Claim:
    claim = read_statement(source, scope()[0])
    assert isinstance(claim, Claim)
    return claim


def test_the_corpora_are_large() -> None:
    assert len(listed("false.relay")) >= 250
    assert len(listed("true.relay")) >= 150


@pytest.mark.parametrize("source", listed("false.relay"))
def test_a_false_claim_is_not_proved(source: str) -> None:
    assert proved(listed("false.relay")[source]) is None


@pytest.mark.parametrize("source", listed("false.relay"))
def test_a_false_claim_is_false(source: str) -> None:
    assert counterexample(listed("false.relay")[source], DRAWS_FALSE, Random(source)) is not None


@pytest.mark.parametrize("source", listed("true.relay"))
def test_a_true_claim_is_proved(source: str) -> None:
    assert proved(listed("true.relay")[source]) is not None


@pytest.mark.parametrize("source", listed("true.relay"))
def test_a_true_claim_is_true(source: str) -> None:
    found = counterexample(listed("true.relay")[source], DRAWS_TRUE, Random(source))
    assert found is None, (FIELDS[found[0]], found[1])


@pytest.mark.parametrize("name", ["false.relay", "accepted.relay"])
def test_no_false_claim_of_the_soundness_corpus_is_proved(name: str) -> None:
    wrong = [s.source for s in split_statements((SOUNDNESS / name).read_text()) if _proves(s.source)]
    assert wrong == []


def _proves(source: str) -> bool:
    statement = read_statement(source, scope()[0])
    return isinstance(statement, Claim) and proved(statement) is not None


@pytest.mark.parametrize(
    ("source", "over", "is_proved"),
    [
        ("claim (x: Scalar): conj(x) == x", "reals", True),
        ("claim (A: Matrix[n, n]): adjoint(A) == transpose(A)", "reals", True),
        ("claim (A: Matrix[n, n]) where hermitian(A): symmetric(A)", "reals", True),
        ("claim (A: Matrix[n, n]) where unitary(A): det(A) ** 2 == 1", "reals", True),
        ("claim (x: Scalar): conj(x) == x", "complexes", False),
        ("claim (A: Matrix[n, n]) where hermitian(A): symmetric(A)", "complexes", False),
        ("claim (A: Matrix[n, n]): symmetric(A)", "reals", False),
    ],
)
def test_conjugation_is_the_identity_over_the_reals_alone(source: str, over: str, is_proved: bool) -> None:
    assert (proved(replace(read(source), over=over)) is not None) == is_proved


def test_what_a_proof_rests_on() -> None:
    found = proved(read("claim (A: Matrix[n, n], k: Nat) where det(A) != 0: det(power(A, k)) == det(A) ** k"))
    assert found is not None
    assert (found.known, found.given, found.induction) == (("det",), 2, "k")
