"""Values made to satisfy a hypothesis.

Each parameter is drawn from the families whose members satisfy what the hypothesis asks of it alone; which ones these
are is learnt by putting members to it. Then what is asked of several parameters together is solved for one of them
after the other, in a random order, wherever it is linear in that one. Nothing here decides whether a value satisfies
the hypothesis: it is valued there like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case
from relay.checker.sampling.array_families import ALIKE, count, member, tensor
from relay.checker.sampling.hypotheses import FUEL, Requirement, named, parts
from relay.checker.sampling.linear_solving import linear, solutions, write
from relay.checker.sampling.parameter_values import Shape
from relay.checker.sampling.scalar_source import ScalarSource
from relay.evaluation.algebra.base import Algebra, Array, TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import FiniteField
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.evaluate import evaluate
from relay.evaluation.lanes import OK
from relay.evaluation.values import Value, as_array, leaf_array, take
from relay.notation.syntax import Apply, BoolType, Claim, Definition, FnType, ListType, NatType, Type
from relay.notation.traversal import free_names

ROOM = 8_000
"""Scalars in one batch, about."""
SMALL = 16
LEAST, MOST = 48, 768
"""Values in one batch."""
TRIED = 3
"""Members of each family, while it is not known which ones are liked."""
MOST_TRIED = 144
"""Members of all families together."""
DULL = 0.2
"""Families whose members are all alike count so much less."""
GROUP = 4
"""Lanes that share their families where all are seen from the same axes."""
TOGETHER = 2
"""One lane in so many has all its members seen from the same axes."""
WORK = 12_000_000
"""Nodes times lanes that building may take for one claim."""
UNSOLVED = 4
"""One lane in so many keeps what was drawn, unsolved."""


@dataclass
class Constructor:
    """Builds values for one claim, and learns which families its hypothesis likes."""

    claim: Claim
    definitions: Mapping[str, Definition]
    asked: tuple[Requirement, ...]
    work: int = WORK
    liked: dict[str, dict[int, float]] = field(default_factory=dict)
    """Parameter -> family -> which share of its members satisfied what is asked of it alone, of late; none: nothing
    is known."""
    straight: dict[tuple[int, str], bool] = field(default_factory=dict)
    """Requirement and parameter -> whether it was seen to be linear in it."""

    @cached_property
    def useful(self) -> bool:
        """Whether something is asked that values drawn at random would hardly ever satisfy."""
        return any(p.names and not (isinstance(p.term, Apply) and p.term.op != "eq") for p in self.asked)

    def possible(self, case: Case) -> bool:
        """Whether the sizes and numbers of a case are such as the hypothesis asks for, as far as it asks for that
        apart from everything else."""
        names: dict[str, Value] = {d.name: value for d, value in case.items() if d.kind != "length"}
        for part in self.asked:
            if part.names or not free_names(part.term) <= names.keys():
                continue
            try:
                found = named(part, names, 1, Rationals(), self.definitions)
                if found is not None:
                    outcome = evaluate(part.term, found[0], 1, Rationals(), self.definitions, FUEL)
            except (Undecidable, TooLarge):
                continue
            if found is None or outcome.value is None or not as_array(outcome.value, 1)[0]:
                return False
        return True

    def room(self, drawn: Shape, model: Algebra) -> int:
        """How many values are worth building at once: more of small ones, which cost little more, and in small fields,
        where much hangs on chance."""
        room = ROOM if model.order is not None and model.order <= SMALL else ROOM // 4
        return min(max(room // max(drawn.cells[0], 1), LEAST), MOST)

    def build(
        self, values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, start: int, stop: int
    ) -> None:
        """Replace the values of lanes `start` to `stop - 1`."""
        if self.work <= 0 or stop <= start or model.carriers:
            return
        lanes = stop - start
        built = {name: take(value, np.arange(start, stop)) for name, value in values.items()}
        names = [p.name for p in self.claim.parameters if _scalars(p.type) and _cells(built[p.name]).size]
        for name in names:
            self._draw(built, name, lanes, model, rng)
        together = lanes // TOGETHER if len(names) > 1 else 0
        if together:
            self._together(built, names, together, model, rng)
            loose = [name for name in names if name not in self.stiff]
            if isinstance(model, FiniteField) and len(loose) < len(names):
                self._solved(built, np.arange(together), loose, model, rng)
        if isinstance(model, FiniteField):
            self._solved(built, np.arange(together, lanes - lanes // UNSOLVED), names, model, rng)
        for name in names:
            _cells(values[name])[start:stop] = _cells(built[name])

    def _solved(
        self,
        values: Mapping[str, Value],
        lanes: Array,
        names: Sequence[str],
        model: FiniteField,
        rng: np.random.Generator,
    ) -> None:
        """Solve for the given parameters, in some of the lanes."""
        part = {name: take(value, lanes) for name, value in values.items()}
        self._solve(part, self._order(names, part, rng), len(lanes), model, rng)
        for name in names:
            _cells(values[name])[lanes] = _cells(part[name])

    def _order(self, names: Sequence[str], values: Mapping[str, Value], rng: np.random.Generator) -> list[str]:
        """An order in which to solve: stiff parameters first, and as often as not those with more room later."""
        order = [names[k] for k in rng.permutation(len(names))]
        if rng.integers(0, 2):
            order.sort(key=lambda name: _cells(values[name]).size)
        return [n for n in order if n in self.stiff] + [n for n in order if n not in self.stiff]

    @property
    def stiff(self) -> set[str]:
        """Parameters of which something is asked alone that is not linear: it was met when they were drawn, and would
        be lost by solving for them."""
        return {
            n for k, p in enumerate(self.asked) if len(p.names) == 1 for n in p.names if not self.straight.get((k, n))
        }

    def _together(
        self,
        values: Mapping[str, Value],
        names: Sequence[str],
        lanes: int,
        model: Algebra,
        rng: np.random.Generator,
    ) -> None:
        """Give the first lanes members that are seen from the same axes, or that act on different factors."""
        for start in range(0, lanes, GROUP):
            stop = min(start + GROUP, lanes)
            source = ScalarSource(model, rng, stop - start, {})
            factors = bool(rng.integers(0, 2))
            for place, name in enumerate(names):
                cells = _cells(values[name])
                shape = cells.shape[1:]
                family = self._likely(name, shape, 1, rng)[0]
                square = len(shape) == 2 and shape[0] == shape[1]
                if factors and square and shape[0] == 4:
                    cells[start:stop] = tensor(family, shape[0], place % 2 == 0, source)
                else:
                    cells[start:stop] = member(family, shape, source)

    def _likely(self, name: str, shape: tuple[int, ...], many: int, rng: np.random.Generator) -> list[int]:
        """Families for a parameter, those more often that it was seen to like; any where nothing is known."""
        known = self.liked.get(name, {})
        shares = np.array([known.get(f, 0.0) * (DULL if f in ALIKE else 1.0) for f in range(count(shape))])
        if not shares.any():
            return [int(f) for f in rng.integers(0, count(shape), size=many)]
        return [int(f) for f in rng.choice(count(shape), size=many, p=shares / shares.sum())]

    def _draw(
        self, values: Mapping[str, Value], name: str, lanes: int, model: Algebra, rng: np.random.Generator
    ) -> None:
        """Members of families for one parameter; where something is asked of it alone, such as satisfy that."""
        cells = _cells(values[name])
        shape = cells.shape[1:]
        own = [p for p in self.asked if p.names == {name}]
        liked = self.liked.setdefault(name, {})
        if own and any(liked.values()):
            families = [*self._likely(name, shape, 6, rng), int(rng.integers(0, count(shape)))]
        elif own:
            families = list(range(count(shape)))
        else:
            families = [0, 0, *self._likely(name, shape, 3, rng)]
        if not shape and rng.integers(0, 4):
            families = [0]  # scalars are few enough for chance
        each = max(TRIED, -(-min(lanes, MOST_TRIED) // len(families)))
        source = ScalarSource(model, rng, each)
        drawn = np.concatenate([member(f, shape, source) for f in families])
        if not own:
            cells[...] = drawn[rng.permutation(len(drawn))[np.arange(lanes) % len(drawn)]]
            return
        tried = {other: take(value, np.zeros(len(drawn), dtype=np.intp)) for other, value in values.items()}
        _cells(tried[name])[...] = drawn
        good = np.flatnonzero(self._satisfied(own, tried, len(drawn), model))
        for k, family in enumerate(families):
            share = float(np.count_nonzero(good // each == k)) / each
            liked[family] = share if family not in liked else (liked[family] + share) / 2
        if len(good):
            cells[...] = drawn[good[rng.integers(0, len(good), size=lanes)]]

    def _satisfied(
        self, asked: Sequence[Requirement], values: Mapping[str, Value], lanes: int, model: Algebra
    ) -> NDArray[np.bool_]:
        good = np.ones(lanes, dtype=np.bool_)
        for part in asked:
            try:
                found = named(part, values, lanes, model, self.definitions)
                outcome = None if found is None else evaluate(part.term, found[0], lanes, model, self.definitions, FUEL)
            except (Undecidable, TooLarge):
                return np.zeros(lanes, dtype=np.bool_)
            if found is None or outcome is None or outcome.value is None:
                return np.zeros(lanes, dtype=np.bool_)
            self.work -= found[2] + outcome.work
            good &= found[1] & as_array(outcome.value, lanes, np.bool_).astype(np.bool_) & (outcome.status == OK)
        return good

    def _solve(
        self,
        values: Mapping[str, Value],
        order: Sequence[str],
        lanes: int,
        model: FiniteField,
        rng: np.random.Generator,
    ) -> None:
        """Solve for one parameter after the other, given those before it."""
        fixed = {name for part in self.asked for name in part.names} - set(order)
        for name in order:
            fixed.add(name)
            if name in self.stiff and rng.integers(0, 2):
                continue
            wanted = [
                k
                for k, part in enumerate(self.asked)
                if part.sides is not None
                and name in part.names
                and part.names <= fixed
                and self._is_straight(k, name, values, lanes, model, rng)
            ]
            if not wanted:
                continue
            system = linear([self.asked[k] for k in wanted], values, name, lanes, model, self.definitions, rng)
            if system is None:
                continue
            self.work -= system.work
            solution, solvable = solutions(system, model, rng)
            write(values, name, solution, solvable, model)

    def _is_straight(
        self,
        part: int,
        name: str,
        values: Mapping[str, Value],
        lanes: int,
        model: FiniteField,
        rng: np.random.Generator,
    ) -> bool:
        """Whether a requirement is linear in a parameter, as a few values show; asked once where it has more than a
        few cells."""
        known = self.straight.get((part, name))
        if known is not None:
            return known
        few = {other: take(value, np.arange(min(2, lanes))) for other, value in values.items()}
        cells = _cells(few[name])
        system = linear([self.asked[part]], few, name, min(2, lanes), model, self.definitions, rng)
        if model.p > 3 or cells.ndim == 1:
            self.straight[part, name] = system is not None
        return system is not None


def constructor(claim: Claim, definitions: Mapping[str, Definition]) -> Constructor | None:
    """What builds values for a claim that has a hypothesis."""
    return None if claim.hypothesis is None else Constructor(claim, definitions, parts(claim, definitions))


def _scalars(type_: Type) -> bool:
    while isinstance(type_, ListType):
        type_ = type_.item
    return not isinstance(type_, NatType | BoolType | FnType)


def _cells(value: Value) -> Array:
    leaf = leaf_array(value)
    assert leaf is not None
    return leaf
