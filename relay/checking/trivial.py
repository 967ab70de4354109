"""Claims that say nothing about what was defined: they hold whatever the defined names mean.

Three rules. All defined names (and a task's base operations) are replaced together by random functions of their types,
and the claim is true at every draw. Or both sides are one term after unfolding, up to bound names. Or what is claimed
is one of the hypotheses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.checking.cases import Case
from relay.checking.draws import generator, random_values, shape
from relay.checking.fields import random_prime
from relay.checking.probe import probe
from relay.checking.unfolded import one_term
from relay.evaluation.assembly import gather_list
from relay.evaluation.binding import bind
from relay.evaluation.frame import Frame, Slot
from relay.evaluation.lanes import Lanes
from relay.evaluation.machine import Machine
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, as_array, blank, take
from relay.models.base import Array, Model, TooLarge, Undecidable
from relay.models.finite import PrimeField, QuadraticExtension
from relay.models.structure import Structure
from relay.notation.canonical import canonical_term
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Claim,
    Definition,
    ListType,
    MatrixType,
    NatType,
    Term,
    Type,
    VectorType,
)
from relay.notation.traversal import free_names

DRAWS = 3
STRUCTURE_DRAWS = 48
"""In a structure two random values are equal now and then, so many draws must agree; so must they where the values
drawn do not matter."""
LANES = 64
LANES_WITH_HYPOTHESIS = 4096
SATISFIED = 8
"""Draws under a hypothesis count when at least so many of their values satisfy it."""
FUEL = 200_000


def plainly_trivial(claim: Claim, definitions: Mapping[str, Definition]) -> str | None:
    """Why the claim is trivial, as its text shows, or None."""
    if claim.hypothesis is not None and _repeats(claim):
        return "what it claims is one of its own hypotheses"
    if _one_term(claim.body, definitions):
        return "after unfolding, both sides are one term"
    return None


def trivial(
    claim: Claim, cases: list[Case], definitions: Mapping[str, Definition], structure: Structure | None
) -> str | None:
    """Why the claim is trivial by the rule of random functions, or None."""
    if _whatever_names_mean(claim, cases, definitions, structure):
        return "it stays true when every defined name is replaced by a random function, so it says nothing about them"
    return None


def _conjuncts(term: Term) -> list[Term]:
    if isinstance(term, Choice) and term.kind == "and":
        return [c for arg in term.args for c in _conjuncts(arg)]
    return [term]


def _repeats(claim: Claim) -> bool:
    assert claim.hypothesis is not None
    hypotheses = {canonical_term(h) for h in _conjuncts(claim.hypothesis)}
    return all(canonical_term(c) in hypotheses for c in _conjuncts(claim.body))


def _one_term(body: Term, definitions: Mapping[str, Definition]) -> bool:
    for part in _conjuncts(body):
        if not (isinstance(part, Apply) and part.op == "eq"):
            return False
        if not one_term(part.args[0], part.args[1], definitions):
            return False
    return True


def _whatever_names_mean(
    claim: Claim, cases: list[Case], definitions: Mapping[str, Definition], structure: Structure | None
) -> bool:
    """The rule of random functions; needs a satisfying draw in most cases that have any."""
    convincing = 0
    names = {p.name for p in claim.parameters if not isinstance(p.type, NatType)}
    varied = structure is None and bool(free_names(claim.body) & names)
    draws = DRAWS if varied else STRUCTURE_DRAWS
    for case in cases:
        for draw in range(draws):
            rng = generator(claim.key, "trivial", draw, sorted((d.kind, d.name, d.level, v) for d, v in case.items()))
            model = structure or _model(rng, draw, claim.hypothesis is not None)
            lanes = LANES if claim.hypothesis is None else LANES_WITH_HYPOTHESIS
            seed = int(rng.integers(1, 2**62))
            oracle = type("Oracle", (RandomFunctions,), {"seed": seed})
            try:
                drawn = shape(claim.parameters, case, model)
                if drawn is None:
                    continue
                values = random_values(drawn, model, lanes, rng, case)
                seen = probe(claim, values, lanes, model, definitions, FUEL, oracle)
            except (Undecidable, TooLarge):
                return False
            if seen.false.any() or seen.undefined.any() or seen.exhausted.any():
                return False
            if int(seen.satisfied.sum()) >= SATISFIED:
                convincing += 1
    return convincing >= min(DRAWS, len(cases) * DRAWS) and convincing > 0


def _model(rng: np.random.Generator, draw: int, hypothesis: bool) -> Model:
    if hypothesis and draw != 1:  # small enough for an equation to be met by chance
        return PrimeField((101, 103, 107)[draw % 3])
    return QuadraticExtension(random_prime(rng)) if draw == 1 else PrimeField(random_prime(rng))


class RandomFunctions(Machine):
    """A machine that answers every call by a function of the callee's name and arguments that is fixed by `seed` and
    otherwise random."""

    __slots__ = ()
    seed: int = 0

    def apply(self, term: Call, slots: list[Slot], frame: Frame, lanes: Lanes) -> Value:
        mixed = np.full(lanes.count, _number(f"{self.seed}:{term.key}"), dtype=np.uint64)
        for value, owner in slots:
            path = lanes.path(owner)
            mixed = _mix_value(mixed, value if path is None else take(value, path), lanes.count)
        if term.key.startswith("given:"):
            result: Type = term.type
            inner = frame
        else:
            definition = self.definitions[term.key] if term.key != "self" else cast(Definition, frame.definition)
            inner = Frame(
                {p.name: slot for p, slot in zip(definition.parameters, slots, strict=True)}, definition, frame.depth
            )
            bind(self, definition, inner, lanes)
            result = definition.result
        length = 1 + _number(f"{self.seed}:{term.key}:length") % 3
        return self._random(result, mixed, inner, lanes, length)

    def _random(self, type_: Type, mixed: NDArray[np.uint64], frame: Frame, lanes: Lanes, length: int) -> Value:
        """A value of a type that depends on `mixed`; lists have a length that depends on the function alone."""
        if isinstance(type_, NatType):
            return (mixed % np.uint64(4)).astype(np.int64)
        if isinstance(type_, BoolType):
            return (mixed & np.uint64(1)).astype(np.bool_)
        if isinstance(type_, ListType):
            everyone = np.arange(lanes.count)
            items = [
                (everyone, self._random(type_.item, _scramble(mixed + np.uint64(k + 1)), frame, lanes, length))
                for k in range(length)
            ]
            return gather_list(items, lanes.count, 0)
        like = blank(type_, lanes.count, self.model, lambda size: self.sizes_of(frame, lanes, size))
        if isinstance(type_, VectorType):
            vector = cast(VectorValue, like)
            return VectorValue(self._codes(type_, vector.data.shape, mixed), vector.size)
        if isinstance(type_, MatrixType):
            matrix = cast(MatrixValue, like)
            return MatrixValue(self._codes(type_, matrix.data.shape, mixed), matrix.rows, matrix.columns)
        return self._codes(type_, (lanes.count,), mixed)

    def _codes(self, type_: Type, full: tuple[int, ...], mixed: NDArray[np.uint64]) -> Array:
        cells = int(np.prod(full[1:], dtype=np.int64))
        places = np.arange(1, cells + 1, dtype=np.uint64)
        kind = _scramble(mixed) % np.uint64(8)  # now and then all 0 or all 1, so that functions agree now and then
        spread = _scramble(mixed[:, None] + places[None, :] * np.uint64(0x9E3779B97F4A7C15))
        codes = spread.reshape(full)
        model = self.model
        plain = np.broadcast_to(kind.reshape(-1, *(1 for _ in full[1:])), full)
        if not model.carriers:
            codes = np.where(plain < 3, np.where(plain == 0, np.uint64(1), np.uint64(0)), codes)
        if isinstance(model, QuadraticExtension):
            p = np.uint64(model.p)
            return ((codes % p) | (((codes >> np.uint64(32)) % p) << np.uint64(31))).astype(np.int64)
        if isinstance(model, PrimeField):
            return (codes % np.uint64(model.p)).astype(np.int64)
        return (codes % np.uint64(model.carriers[getattr(type_, "name")])).astype(np.int64)  # noqa: B009


def _number(text: str) -> int:
    return int(generator(text).integers(0, 2**63))


def _scramble(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea, Flood, 2014): a random-looking bijection of 64-bit words."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _mix_value(mixed: NDArray[np.uint64], value: Value, lanes: int) -> NDArray[np.uint64]:
    if isinstance(value, VectorValue):
        return _mix_value(_mix_array(mixed, value.data), value.size, lanes)
    if isinstance(value, MatrixValue):
        return _mix_value(_mix_value(_mix_array(mixed, value.data), value.rows, lanes), value.columns, lanes)
    if isinstance(value, ListValue):
        return _mix_value(_mix_value(mixed, value.items, lanes), value.length, lanes)
    return _mix_array(mixed, as_array(value, lanes))


def _mix_array(mixed: NDArray[np.uint64], array: Array) -> NDArray[np.uint64]:
    flat = array.reshape(array.shape[0], -1).astype(np.int64).astype(np.uint64)
    for k in range(flat.shape[1]):
        mixed = _scramble(mixed ^ (flat[:, k] + np.uint64(0x632BE59BD9B4E019)))
    return _scramble(mixed + np.uint64(flat.shape[1] + 1))
