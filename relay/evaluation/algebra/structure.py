"""Finite structures: the single model of a task whose sorts and operations are given by tables."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array, Undecidable
from relay.records.task import Given


class Structure(Algebra):
    """The sorts and operations that a task gives. A structure has no scalars, so arithmetic raises `Undecidable`."""

    name = "the structure"

    def __init__(self, given: Given) -> None:
        self.carriers = {sort.name: sort.size for sort in given.sorts}
        self.operations = {operation.name: np.array(operation.table, dtype=np.int64) for operation in given.operations}

        self.tables = {}

    def _refuse(self) -> Undecidable:
        return Undecidable("this structure has no scalars")

    def from_int(self, k: Array) -> Array:
        raise self._refuse()

    def add(self, a: Array, b: Array) -> Array:
        raise self._refuse()

    def neg(self, a: Array) -> Array:
        raise self._refuse()

    def mul(self, a: Array, b: Array) -> Array:
        raise self._refuse()

    def inverse(self, a: Array) -> Array:
        raise self._refuse()

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        raise self._refuse()


def structure_of(given: Given) -> Structure:
    """The structure that a task gives. Equal tasks share one, with all that is kept there."""
    return _structure(given.model_dump_json())


@lru_cache(maxsize=16)
def _structure(text: str) -> Structure:
    return Structure(Given.model_validate_json(text))
