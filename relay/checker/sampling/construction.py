"""Values built to satisfy a hypothesis.

1. Each parameter is drawn from families whose members satisfy the requirements on that parameter alone. The
   constructor learns which families these are by evaluating the requirements at their members.
2. Requirements on several parameters are solved for one parameter after the other, in a random order, wherever the
   requirement is linear in that parameter.

The result is a proposal only: the checker evaluates the hypothesis at these values like at any others.
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
"""Approximate number of scalars in one batch over a small finite field; elsewhere, a quarter of it."""
SMALL = 16
"""Finite fields of at most this order get larger batches."""
LEAST, MOST = 48, 768
"""Least and largest number of lanes in one batch."""
TRIED = 3
"""Least number of members that are drawn from each tried family, per parameter and batch."""
MOST_TRIED = 144
"""Approximate limit of the members drawn from all families together, per parameter and batch; `TRIED` may exceed it."""
DULL = 0.2
"""Weight of a family whose members hardly differ, relative to other families."""
GROUP = 4
"""In the lanes that `_together` fills, this many successive lanes draw a parameter from the same family."""
TOGETHER = 2
"""One lane in this many is filled by `_together`: there, all parameters are seen from the same axes."""
WORK = 12_000_000
"""Work that building may take for one claim, in evaluated nodes times lanes."""
UNSOLVED = 4
"""One lane in this many keeps its drawn values: nothing is solved there."""


@dataclass
class Constructor:
    """Builds values for one claim, and learns which families suit its hypothesis."""

    claim: Claim
    definitions: Mapping[str, Definition]
    asked: tuple[Requirement, ...]
    work: int = WORK
    liked: dict[str, dict[int, float]] = field(default_factory=dict)
    """Parameter -> family -> share of the family's recent members that satisfied the requirements on this parameter
    alone. If a family is missing, nothing is known about it."""
    straight: dict[tuple[int, str], bool] = field(default_factory=dict)
    """(Place of a requirement in `asked`, parameter) -> whether the requirement looked linear in the parameter."""

    @cached_property
    def useful(self) -> bool:
        """Whether the hypothesis has a requirement that random values would hardly ever satisfy."""
        # Most random values satisfy `!=`, `<` and the like; anything else may need construction.
        return any(p.names and not (isinstance(p.term, Apply) and p.term.op != "eq") for p in self.asked)

    def possible(self, case: Case) -> bool:
        """Return whether a case satisfies all requirements that mention only its sizes and `Nat` parameters.

        Requirements that can't be evaluated count as satisfied.
        """
        names: dict[str, Value] = {d.name: value for d, value in case.items() if d.kind != "length"}
        for part in self.asked:
            if part.names or not free_names(part.term) <= names.keys():
                continue  # it mentions a parameter whose value the case does not fix
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
        """Return how many lanes to build in one batch.

        The number is larger if a lane has few scalars, since it costs less. It is also larger in small fields, since
        success depends more on chance there.
        """
        room = ROOM if model.order is not None and model.order <= SMALL else ROOM // 4
        return min(max(room // max(drawn.cells[0], 1), LEAST), MOST)

    def build(
        self, values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, start: int, stop: int
    ) -> None:
        """Replace the values of lanes `start` to `stop - 1` by built ones, in place.

        Nothing changes if the work is spent, or if the model has sorts (then there is no arithmetic to build with).
        """
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
            # Solving for a stiff parameter would lose the shared axes; solving for the others keeps them there.
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
        """Solve for the given parameters in the given lanes, in place."""
        part = {name: take(value, lanes) for name, value in values.items()}
        self._solve(part, self._order(names, part, rng), len(lanes), model, rng)
        for name in names:
            _cells(values[name])[lanes] = _cells(part[name])

    def _order(self, names: Sequence[str], values: Mapping[str, Value], rng: np.random.Generator) -> list[str]:
        """Return `names` in the order in which to solve for them.

        Stiff parameters come first. Among the stiff ones, and among the others, the order is random, or (half of the
        time) from the smallest value to the largest.
        """
        order = [names[k] for k in rng.permutation(len(names))]
        if rng.integers(0, 2):
            order.sort(key=lambda name: _cells(values[name]).size)
        return [n for n in order if n in self.stiff] + [n for n in order if n not in self.stiff]

    @property
    def stiff(self) -> set[str]:
        """Parameters for which some requirement mentions the parameter alone and is not known to be linear in it.

        The value from `_draw` satisfies that requirement if possible. Solving for the parameter would replace this
        value.
        """
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
        """Fill the first `lanes` lanes with members of families, in place.

        In each lane, the members of all parameters are seen from the same axes. In half of the groups of `GROUP` lanes,
        4 by 4 matrices act on one factor of a tensor product: on the first or the second, in turn by parameter.
        Matrices that act on different factors commute.
        """
        for start in range(0, lanes, GROUP):
            stop = min(start + GROUP, lanes)
            source = ScalarSource(model, rng, stop - start, {})
            factors = bool(rng.integers(0, 2))
            for place, name in enumerate(names):
                cells = _cells(values[name])
                shape = cells.shape[1:]
                family = _likely(self.liked.get(name, {}), shape, 1, rng)[0]
                square = len(shape) == 2 and shape[0] == shape[1]
                if factors and square and shape[0] == 4:
                    cells[start:stop] = tensor(family, shape[0], place % 2 == 0, source)
                else:
                    cells[start:stop] = member(family, shape, source)

    def _draw(
        self, values: Mapping[str, Value], name: str, lanes: int, model: Algebra, rng: np.random.Generator
    ) -> None:
        """Fill the parameter `name` with members of families, in place.

        If some requirements mention this parameter alone, only members that satisfy them are used, and `liked` is
        updated. If no member satisfies them, the parameter keeps its values.
        """
        cells = _cells(values[name])
        shape = cells.shape[1:]
        own = [p for p in self.asked if p.names == {name}]
        liked = self.liked.setdefault(name, {})
        if own and any(liked.values()):
            families = [*_likely(self.liked.get(name, {}), shape, 6, rng), int(rng.integers(0, count(shape)))]
        elif own:
            families = list(range(count(shape)))  # nothing is known yet, so try all
        else:
            families = [0, 0, *_likely(self.liked.get(name, {}), shape, 3, rng)]  # family 0 is uniform
        if not shape and rng.integers(0, 4):
            families = [0]  # a scalar has few values: uniform ones often satisfy the requirements
        each = max(TRIED, -(-min(lanes, MOST_TRIED) // len(families)))
        source = ScalarSource(model, rng, each)
        drawn = np.concatenate([member(f, shape, source) for f in families])
        if not own:
            cells[...] = drawn[rng.permutation(len(drawn))[np.arange(lanes) % len(drawn)]]
            return
        # The requirements mention no other parameter, so that one lane's values of the others will do.
        tried = {other: take(value, np.zeros(len(drawn), dtype=np.intp)) for other, value in values.items()}
        _cells(tried[name])[...] = drawn
        good = np.flatnonzero(self._satisfied(own, tried, len(drawn), model))
        for k, family in enumerate(families):
            # Members stand family by family, `each` of them. Recent shares count more, since models and sizes change.
            share = float(np.count_nonzero(good // each == k)) / each
            liked[family] = share if family not in liked else (liked[family] + share) / 2
        if len(good):
            cells[...] = drawn[good[rng.integers(0, len(good), size=lanes)]]

    def _satisfied(
        self, asked: Sequence[Requirement], values: Mapping[str, Value], lanes: int, model: Algebra
    ) -> NDArray[np.bool_]:
        """Return for each lane whether all requirements are defined and true; false if one can't be evaluated."""
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
        """Solve for the parameters in `order`, one after the other, in place.

        A parameter is solved from the requirements that mention, beside it, only parameters before it in `order` or
        parameters that are not in `order`.
        """
        fixed = {name for part in self.asked for name in part.names} - set(order)
        for name in order:
            fixed.add(name)
            if name in self.stiff and rng.integers(0, 2):
                continue  # keep the drawn member half of the time
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
        """Return whether requirement number `part` is linear in the parameter `name`, judged from at most two lanes.

        The answer is kept if the characteristic is above 3 or the parameter is a scalar. Otherwise it is computed
        anew each time: over GF(2) and GF(3), a few values may fit by chance.
        """
        known = self.straight.get((part, name))
        if known is not None:
            return known
        few = {other: take(value, np.arange(min(2, lanes))) for other, value in values.items()}
        cells = _cells(few[name])
        system = linear([self.asked[part]], few, name, min(2, lanes), model, self.definitions, rng)
        if model.p > 3 or cells.ndim == 1:
            self.straight[part, name] = system is not None
        return system is not None


def _likely(liked: Mapping[int, float], shape: tuple[int, ...], many: int, rng: np.random.Generator) -> list[int]:
    """Return `many` families for a parameter of a shape, drawn at random.

    The shares in `liked` are the weights. If no share above 0 is known, all families have the same weight.
    """
    shares = np.array([liked.get(f, 0.0) * (DULL if f in ALIKE else 1.0) for f in range(count(shape))])
    if not shares.any():
        return [int(f) for f in rng.integers(0, count(shape), size=many)]
    return [int(f) for f in rng.choice(count(shape), size=many, p=shares / shares.sum())]


def constructor(claim: Claim, definitions: Mapping[str, Definition]) -> Constructor | None:
    """Return a constructor for a claim; None if the claim has no hypothesis."""
    return None if claim.hypothesis is None else Constructor(claim, definitions, parts(claim, definitions))


def _scalars(type_: Type) -> bool:
    """Return whether a type's innermost items are scalars, vectors, matrices or elements of a sort."""
    while isinstance(type_, ListType):
        type_ = type_.item
    return not isinstance(type_, NatType | BoolType | FnType)


def _cells(value: Value) -> Array:
    """Return a value's array of scalars, lanes first. It is a view: writing to it changes the value."""
    leaf = leaf_array(value)
    assert leaf is not None
    return leaf
