"""Identities of polynomials over the integers, size by size: true there, true in every field and under every
involution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from relay.checking.cases import Case, Dimension, box, count
from relay.checking.draws import indeterminates, shape
from relay.checking.probe import probe
from relay.evaluation.evaluate import evaluate
from relay.models.base import Array, TooLarge, Undecidable
from relay.models.infinite import Rationals
from relay.models.polynomials import Polynomials
from relay.notation.syntax import BOOL, Apply, Claim, Definition

FUEL = 200_000
WORK = 6_000_000
"""What all cases of a claim may cost together, in nodes times `OBJECT_WORK`."""
MOST_INDETERMINATES = 64
MOST_CASES = 48
LARGEST = 3
MOST_SEEN = 24
"""Different numbers in compared polynomials that are looked at."""
MOST_PAIRS = 1_000
"""Pairs of terms in one product, while coefficients are looked at."""


def identities(
    claim: Claim, dims: Sequence[Dimension], cases: Sequence[Case], definitions: Mapping[str, Definition]
) -> tuple[int, frozenset[tuple[int, ...]]]:
    """Where the claim, its hypothesis aside, is an identity: the largest number n up to `LARGEST` so that it is one at
    all cases with numbers up to n (0: not shown even for 2, or, where there are no such numbers, at all), and the
    numbers of all cases, the given ones included, at which it is one."""
    bare = replace(claim, hypothesis=None)
    left, reached = WORK, 0
    shown: set[tuple[int, ...]] = set()

    def show(case: Case) -> bool:
        nonlocal left
        key = tuple(case.values())
        spent = 0 if key in shown else _shown(bare, case, definitions, left)
        if spent >= 0:
            shown.add(key)
        left -= max(spent, 0)
        return spent >= 0

    for top in range(2, LARGEST + 1) if dims else (1,):
        if count(dims, top) > MOST_CASES or not all(show(case) for case in box(dims, top)):
            break
        reached = top
    for case in cases if reached else ():
        if not show(case):
            break
    return reached, frozenset(shown) if reached else frozenset()


def _shown(bare: Claim, case: Case, definitions: Mapping[str, Definition], work: int) -> int:
    """What it cost to show the identity at a case; negative where it was not shown."""
    try:
        drawn = shape(bare.parameters, case, Rationals())
    except TooLarge:
        return -1
    if drawn is None:
        return 0
    scalars, truths = drawn.cells
    if truths or scalars > MOST_INDETERMINATES or work <= 0:
        return -1
    ring = Polynomials(max(scalars, 1), involution=bare.over != "reals")
    try:
        seen = probe(bare, indeterminates(drawn, ring), 1, ring, definitions, FUEL)
    except (Undecidable, TooLarge):
        return -1
    if seen.false.any() or seen.undefined.any() or seen.exhausted.any():
        return -1
    return seen.work + 1


def contradictory(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> bool:
    """Whether it is certain that nothing satisfies the hypothesis at these cases, whatever the field."""
    assert claim.hypothesis is not None
    denied = replace(claim, hypothesis=None, body=Apply("not", (claim.hypothesis,), BOOL))
    return bool(cases) and all(_shown(denied, case, definitions, WORK) > 0 for case in cases)


def coefficients(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> frozenset[int]:
    """Numbers in the polynomials that the claim compares, or divides by, for generic values: in the fields whose
    characteristic divides one of them it may say something else."""
    found: set[int] = set()
    for case in cases:
        drawn = None
        with suppress(TooLarge):
            drawn = shape(claim.parameters, case, Rationals())
        if drawn is None or drawn.cells[1] or drawn.cells[0] > MOST_INDETERMINATES:
            continue
        ring = _Watched(max(drawn.cells[0], 1), found)
        for term in (claim.body,) if claim.hypothesis is None else (claim.hypothesis, claim.body):
            with suppress(Undecidable, TooLarge):
                evaluate(term, indeterminates(drawn, ring), 1, ring, definitions, FUEL // 10)
    return frozenset(found)


class _Watched(Polynomials):
    """Generic values: polynomials that differ count as different, and their coefficients are written down."""

    def __init__(self, count: int, found: set[int]) -> None:
        super().__init__(count)
        self._found = found

    def mul(self, a: Array, b: Array) -> Array:
        longest = [max((len(f) for f in factor.flat), default=0) for factor in (np.asarray(a), np.asarray(b))]
        if longest[0] * longest[1] > MOST_PAIRS:
            raise TooLarge("a polynomial is too long to look at its coefficients")
        return super().mul(a, b)

    def equal(self, a: Array, b: Array) -> NDArray[np.bool_]:
        self._note(self.add(a, self.neg(b)))
        return np.asarray(a == b, dtype=bool)

    def is_zero(self, a: Array) -> NDArray[np.bool_]:
        self._note(a)
        return np.array([f == 0 for f in a.flat], dtype=bool).reshape(a.shape)

    def _note(self, differences: Array) -> None:
        for polynomial in differences.flat:
            if len(self._found) < MOST_SEEN:
                self._found.update(abs(int(c)) for c in polynomial.coeffs()[:MOST_SEEN])
