"""Evaluation of the sizes in types. It costs no fuel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

import numpy as np

from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.values import Size
from relay.notation.syntax import Term, Type
from relay.notation.traversal import type_terms


def size_of(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> Size:
    """Return the value of a size term. Raises `Dead`."""
    before = lanes.flat
    with _uncounted(machine):
        value = machine.run(term, frame, lanes)
    lanes.flat = before
    return cast(Size, value)


def size_around(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> Size:
    """Return the value of `term`, a size that the context decides.

    If its evaluation fails in a lane, the lane becomes undefined or exhausted. Raises `Dead` if no lane is left alive.
    """
    value, aside = _aside(machine, term, frame, lanes)
    if aside.status is not None and aside.status.any():
        lanes.inherit(np.arange(lanes.count), aside.status)
        lanes.freeze()
        lanes.check()
    return value


def guessed_sizes(machine: Evaluator, type_: Type, frame: Frame, lanes: Lanes) -> list[Size]:
    """Return the sizes in `type_`, the item type of lists that may have no items. A size without a value is 0."""
    found: list[Size] = []
    for term in type_terms(type_):
        size, aside = _aside(machine, term, frame, lanes)
        found.append(size if aside.status is None else np.where(aside.alive(), size, 0))
    return found


def _aside(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> tuple[Size, Lanes]:
    """Return the size `term`, and the separate batch over which it was evaluated. Its deaths and fuel stay there.

    If no lane of that batch is left alive, the size is 0.
    """
    aside = Lanes(lanes.count, lanes)
    size: Size = 0
    with suppress(Dead), _uncounted(machine):
        size = cast(Size, machine.run(term, frame, aside))
    return size, aside


@contextmanager
def _uncounted(machine: Evaluator) -> Iterator[None]:
    outer, machine.uncounted = machine.uncounted, True
    try:
        yield
    finally:
        machine.uncounted = outer
