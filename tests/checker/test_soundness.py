"""Many claims whose truth is known: no false claim is accepted, no true claim is refuted or undefined, and nearly all
true claims are accepted.

The false claims that the checker is known to accept are in a file of their own, `accepted.relay`. If one of them is no
longer accepted, its test fails, so that somebody moves it to the other false claims.

Judging all claims takes minutes, so a run judges a part of them, the same part every time. With `RELAY_EVERYTHING=1` it
judges all.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from relay.checker.checker import Checker
from relay.checker.verdict import Verdict
from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Claim, Definition
from relay.records.status import Status
from relay.records.task import Given

EVERYTHING = os.environ.get("RELAY_EVERYTHING") == "1"
STRIDE = 1 if EVERYTHING else 5
CHUNK = 20
SHARE = 0.95
"""The share of the true claims that must be accepted."""

FOLDER = Path(__file__).parent / "soundness"
GIVEN = Given(scalars=True)
CHECKER = Checker(GIVEN)


def read_file(name: str) -> str:
    return (FOLDER / f"{name}.relay").read_text(encoding="utf-8")


@cache
def prelude() -> tuple[Scope, dict[str, Definition]]:
    """Returns the scope in which the claims are read, and all definitions by key."""
    scope, known = Scope(GIVEN), {}
    for located in split_statements(read_file("definitions")):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return scope, known


@cache
def claims(name: str) -> list[str]:
    return [located.source for located in split_statements(read_file(name))]


@cache
def judged(source: str) -> Verdict:
    scope, known = prelude()
    return CHECKER.judge(read_statement(source, scope), known)


def chunks(name: str) -> list[list[str]]:
    taken = claims(name)[::STRIDE]
    return [taken[start : start + CHUNK] for start in range(0, len(taken), CHUNK)]


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    scope, _ = prelude()
    keys = set()
    for name in ("true", "false", "accepted"):
        assert len(claims(name)) >= (0 if name == "accepted" else 400)
        for source in claims(name):
            claim = read_statement(source, scope)
            assert isinstance(claim, Claim)
            assert claim.key not in keys, source
            keys.add(claim.key)


@pytest.mark.parametrize("chunk", range(len(chunks("false"))))
def test_no_false_claim_is_accepted(chunk: int) -> None:
    accepted = [source for source in chunks("false")[chunk] if judged(source).status.accepted]
    assert not accepted, "\n".join(accepted)


def test_the_known_faults_are_still_there() -> None:
    mended = [source for source in claims("accepted") if not judged(source).status.accepted]
    assert not mended, "mended; move to false.relay:\n" + "\n".join(mended)


@pytest.mark.parametrize("chunk", range(len(chunks("true"))))
def test_no_true_claim_is_refuted_or_undefined(chunk: int) -> None:
    wrong = (Status.REFUTED, Status.UNDEFINED)
    found = [
        f"{source}: {judged(source).message}" for source in chunks("true")[chunk] if judged(source).status in wrong
    ]
    assert not found, "\n".join(found)


def test_nearly_all_true_claims_are_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = [judged(source) for chunk in chunks("true") for source in chunk]
    accepted = sum(verdict.status.accepted for verdict in verdicts)
    everywhere = sum("all sizes" in verdict.scope for verdict in verdicts)
    statuses = Counter(verdict.status.value for verdict in verdicts)
    with capsys.disabled():
        print(f"\n{len(verdicts)} true claims: {accepted / len(verdicts):.1%} accepted,", end=" ")
        print(f"{everywhere / len(verdicts):.1%} proved for all sizes; {dict(sorted(statuses.items()))}")
    assert accepted >= SHARE * len(verdicts)
