"""Structured values, which satisfy hypotheses more often than uniform ones do.

Matrices become singular, idempotent, nilpotent, orthogonal, unitary, commuting, or inverse to each other. Vectors
become eigenvectors or linearly dependent. Lanes are changed in place, in groups; each group follows one of the
`recipes`.

These values know nothing of the claim's hypothesis, which is evaluated at them as at any others. `construction` builds
values for one hypothesis and learns which families suit it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from relay.checker.sampling.lane_group import LaneGroup
from relay.checker.sampling.recipes import EXACT_RECIPES, RECIPES
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.values import Value

GROUP = 4
"""Smallest number of lanes that share a recipe."""
MOST_GROUPS = 16
"""Largest number of groups in one call of `bend`."""


def bend(values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, start: int, stop: int) -> None:
    """Replace the values of lanes `start` to `stop - 1` by structured ones, in place.

    Nothing changes if the model has sorts, since recipes need arithmetic.
    """
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
    """Fill each matrix, vector and scalar with a constant of its own in lanes 0 to `stop - 1`, in place.

    In lane 0 all constants are zero. In the other lanes they are drawn from `constants`.
    """
    if model.carriers or not stop:
        return
    for array in LaneGroup.of(values, model, rng, 0, stop).arrays:
        chosen = rng.choice(np.array(constants, dtype=np.int64), size=stop)
        chosen[0] = 0
        array[...] = model.from_int(chosen).reshape(stop, *(1 for _ in array.shape[1:]))
