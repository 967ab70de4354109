"""The short way for claims over fields that have one case and no hypothesis.

Most claims about plain scalars or about arrays of fixed size are of this kind. If a small rational counterexample or an
identity of polynomials settles such a claim, no stage is run. Everything else goes through the stages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import shake_128
from typing import Any

import flint

from relay.checker.fields import untold
from relay.checker.generic.identities import Identities, identities
from relay.checker.triviality.random_interpretation import speaks_of_names
from relay.checker.triviality.trivial import plainly_trivial, trivial, trivial_because
from relay.checker.verdict import Verdict
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.plain_numbers import Fractions
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import Code, Names
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.terms import code
from relay.evaluation.recursion_limit import deep
from relay.notation.comparisons import COMPARISONS
from relay.notation.syntax import Apply, Claim, Definition, ScalarType
from relay.records.status import Reason, Status

FIRST_POINTS = 1
"""Points that are tried before an identity is sought: most false claims fail at the first point, which costs little."""
POINTS = 8
"""Points that are tried altogether."""
SPREAD = 3
"""Coordinates are integers from -SPREAD to SPREAD."""
ITEMS = 2_000
"""Items and calls that one evaluation may take."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a claim was settled: as an identity, which may be trivial, or by a counterexample."""

    identity: Identities | None = None
    """The identity, or None if there is a counterexample."""
    trivial: Reason | None = None
    """Why the identity is trivial, or None."""
    counterexample: str = ""
    """The counterexample in words. If the claim is a comparison, both sides are included."""
    points: int = 0
    """Number of points that were tried."""

    @property
    def verdict(self) -> Verdict:
        """The verdict that follows."""
        evidence: list[dict[str, Any]] = []
        if self.points:
            evidence.append({"stage": "small integers", "models": ["Q"], "values": self.points})
        if self.identity is None:
            message = f"refuted: {self.counterexample}"
            return _verdict(Status.REFUTED, message, evidence, counterexample=self.counterexample)
        evidence.append(self.identity.record())
        if self.trivial is not None:
            return _verdict(Status.TRIVIAL, trivial_because(self.trivial), evidence, reason=self.trivial)
        return _verdict(Status.PROVED, "proved", evidence, scope="every field, every value")


def _verdict(status: Status, message: str, evidence: list[dict[str, Any]], **more: Any) -> Verdict:
    return Verdict(status=status, message=untold(message), evidence=tuple(evidence), **more)


def settle(claim: Claim, definitions: Mapping[str, Definition]) -> Settled | None:
    """Returns how a claim over fields with one case and no hypothesis is settled, or None if this way does not settle
    it."""
    try:
        body = code(claim.body)
    except Undecidable:
        return None
    points = _Points(claim, body, definitions)
    with deep():
        found = points.refuted(FIRST_POINTS)
        if not found:
            identity = identities(claim, (), (), definitions, body)
            if identity.reached:
                return Settled(identity=identity, trivial=why_trivial(claim, definitions), points=points.tried)
            found = points.refuted(POINTS)
    return Settled(counterexample=found, points=points.tried) if found else None


def why_trivial(claim: Claim, definitions: Mapping[str, Definition]) -> Reason | None:
    """Returns why a true claim of one case is trivial, or None if it is not. The cheapest rules come first."""
    body = claim.body
    if not claim.rests_on:  # a true claim that rests on no definition is always trivial; only the reason differs
        if isinstance(body, Apply) and body.op == "eq" and body.args[0] == body.args[1]:
            return Reason.SAME_TERM
        return Reason.NOTHING_DEFINED
    why = plainly_trivial(claim, definitions)
    if why is not None or speaks_of_names(claim, {}, definitions):
        return why
    return trivial(claim, [{}], definitions, None)


class _Points:
    """A few points with small integer coordinates, drawn from the hash of the claim.

    If some parameter is not a scalar, there are no points. If there are no parameters, there is one point."""

    def __init__(self, claim: Claim, body: Code, definitions: Mapping[str, Definition]) -> None:
        self._claim, self._body, self._definitions = claim, body, definitions
        self._names = [parameter.name for parameter in claim.parameters]
        plain = all(isinstance(parameter.type, ScalarType) for parameter in claim.parameters)
        self._most = 0 if not plain else POINTS if self._names else 1
        self._drawn = shake_128(claim.key.encode()).digest(POINTS * len(self._names)) if self._most else b""
        self.tried = 0

    def refuted(self, most: int) -> str:
        """Returns a counterexample among the first `most` points, in words, or an empty string."""
        count = len(self._names)
        while self.tried < min(most, self._most):
            drawn = self._drawn[self.tried * count : (self.tried + 1) * count]
            point = {
                name: flint.fmpq(byte % (2 * SPREAD + 1) - SPREAD)
                for name, byte in zip(self._names, drawn, strict=True)
            }
            self.tried += 1
            try:
                if self._value(self._body, point) is False:
                    return self._told(point)
            except (Undefined, Undecidable, TooLarge):
                continue  # the stages decide whether the claim is undefined
        return ""

    def _value(self, term: Code, point: Names) -> object:
        return term(dict(point), Run(Fractions(), self._definitions, ITEMS))

    def _told(self, point: Names) -> str:
        """Returns `point` in words. If the claim compares scalars, the text also gives the values of both sides, which
        are evaluated once more.

        Returns an empty string if the second evaluation contradicts the first."""
        body = self._claim.body
        text = ", ".join(f"{name} = {value}" for name, value in point.items()) or "every value"
        text += " (in Q)"
        if isinstance(body, Apply) and body.op in COMPARISONS and isinstance(body.args[0].type, ScalarType):
            left, right = (self._value(code(side), point) for side in body.args)
            if (left == right) is (body.op == "eq"):  # the sides contradict the first evaluation
                return ""
            text += f": the left side is {left}, the right side is {right}"
        return text
