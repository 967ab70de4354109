"""Values that satisfy hypotheses more often than uniform ones do: singular, idempotent, nilpotent, orthogonal, unitary,
commuting, inverse to each other, eigenvectors, dependent lists.

Lanes are changed in place, in groups; each group follows one of the `recipes`. Nothing here promises that a hypothesis
holds: it is valued like for any other value. (`construction` makes values for one hypothesis, and learns which
families it wants.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from relay.checker.sampling.lane_group import LaneGroup
from relay.checker.sampling.recipes import EXACT_RECIPES, RECIPES
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.values import Value

GROUP = 4
"""Lanes that share a recipe, at least."""
MOST_GROUPS = 16


def bend(values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, start: int, stop: int) -> None:
    """Replace the values of lanes `start` to `stop - 1` by structured ones. A structure has no arithmetic to do it."""
    if model.carriers:
        return
    width = max(GROUP, -(-(stop - start) // MOST_GROUPS))
    recipes = RECIPES if model.dtype is not object else EXACT_RECIPES
    for at in range(start, stop, width):
        group = LaneGroup.of(values, model, rng, at, min(at + width, stop))
        if not group.arrays:
            return
        recipes[group.source.pick(len(recipes))](group)


def plain(
    values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, constants: Sequence[int], stop: int
) -> None:
    """Fill each parameter with one constant in lanes 0 to `stop - 1`: zero first, then any."""
    if model.carriers or not stop:
        return
    for array in LaneGroup.of(values, model, rng, 0, stop).arrays:
        chosen = rng.choice(np.array(constants, dtype=np.int64), size=stop)
        chosen[0] = 0
        array[...] = model.from_int(chosen).reshape(stop, *(1 for _ in array.shape[1:]))
