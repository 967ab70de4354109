"""Helpers for the tests of the contract: from texts to verdicts, errors and values."""

from __future__ import annotations

import numpy as np
import pytest

from relay.checker.verdict import Status, Verdict
from relay.errors import NotationError
from relay.evaluation import EXHAUSTED, OK, evaluate, show
from relay.evaluation.algebra import Algebra, GaloisField, PrimeField, Rationals
from relay.notation import Scope, read_statement, read_term, split_statements
from relay.notation.syntax import NAT, Claim, Definition, Statement
from relay.records.task import Given, Operation, Sort
from tests.checker.corpus import CHECKER, DEFINITIONS, GIVEN, SCOPE

GROUP = Given(
    sorts=(Sort(name="Element", size=3),),
    operations=(
        Operation(
            name="op", parameters=("Element", "Element"), result="Element", table=((0, 1, 2), (1, 2, 0), (2, 0, 1))
        ),
    ),
)
GF2, GF3, GF4, GF7, Q = GaloisField(2, 1), GaloisField(3, 1), GaloisField(2, 2), PrimeField(7), Rationals()
NAT_OF = "define nat(k: Nat) -> Nat = k\n"
"""A definition whose call makes a numeral a natural number."""
UNDEFINED, RAN_OUT = "undefined", "ran out"


def statements(text: str, scope: Scope = SCOPE) -> tuple[list[Statement], dict[str, Definition]]:
    """Read the statements of a text in order, each in the scope of those before it; also return definitions by key."""
    found: list[Statement] = []
    known = dict(DEFINITIONS)
    for located in split_statements(text):
        statement = read_statement(located.source, scope)
        if isinstance(statement, Definition):
            scope, known[statement.key] = scope.adding(statement), statement
        found.append(statement)
    return found, known


def verdict(text: str) -> Verdict:
    """Return the verdict on the last statement of a text."""
    found, known = statements(text)
    return CHECKER.judge(found[-1], known)


def status(text: str) -> Status:
    return verdict(text).status


def claim_of(text: str) -> Claim:
    last = statements(text)[0][-1]
    assert isinstance(last, Claim)
    return last


def definition_of(text: str, scope: Scope = SCOPE) -> Definition:
    last = statements(text, scope)[0][-1]
    assert isinstance(last, Definition)
    return last


def error(text: str, scope: Scope = SCOPE) -> NotationError:
    """Return the error that a statement raises when it is read."""
    with pytest.raises(NotationError) as caught:
        read_statement(text, scope)
    return caught.value


def value(term: str, model: Algebra = GF7, definitions: str = "", fuel: int = 100_000) -> str:
    """Evaluate a closed term in a model. Numerals whose type nothing decides are natural numbers."""
    scope = SCOPE
    for statement in statements(NAT_OF + definitions)[0]:
        assert isinstance(statement, Definition)
        scope = scope.adding(statement)
    try:
        read = read_term(term, scope)
    except NotationError:
        read = read_term(term, scope, expected=NAT)
    known = {d.key: d for d in scope.definitions.values()}
    outcome = evaluate(read, {}, 1, model, known, fuel)
    if outcome.status[0] != OK:
        return RAN_OUT if outcome.status[0] == EXHAUSTED else UNDEFINED
    assert outcome.value is not None
    plain = np.array([outcome.value]) if isinstance(outcome.value, int | bool) else outcome.value
    return show(plain, read.type, 0, model)


__all__ = [
    "GF2", "GF3", "GF4", "GF7", "GIVEN", "GROUP", "RAN_OUT", "SCOPE", "UNDEFINED", "Q", "Status", "claim_of",
    "definition_of", "error", "statements", "status", "value", "verdict",
]  # fmt: skip
