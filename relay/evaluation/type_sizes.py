"""Values of the sizes that stand in types. They cost no fuel."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

import numpy as np

from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.values import Size
from relay.notation.syntax import Term, Type
from relay.notation.traversal import type_terms


def size_of(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> Size:
    """A size term's value."""
    before = lanes.flat
    value = machine.run(term, frame, lanes)
    lanes.flat = before
    return cast(Size, value)


def size_around(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> Size:
    """The value of a size of a type around. A lane where it has none dies."""
    value, aside = _aside(machine, term, frame, lanes)
    if aside.status is not None and aside.status.any():
        lanes.inherit(np.arange(lanes.count), aside.status)
        lanes.freeze()
        lanes.check()
    return value


def guessed_sizes(machine: Evaluator, type_: Type, frame: Frame, lanes: Lanes) -> list[Size]:
    """The sizes that stand in a type, for values that are not there to have any; 0 where they have no value."""
    found: list[Size] = []
    for term in type_terms(type_):
        size, aside = _aside(machine, term, frame, lanes)
        found.append(size if aside.status is None else np.where(aside.alive(), size, 0))
    return found


def _aside(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> tuple[Size, Lanes]:
    """A size over lanes of its own, whose deaths and fuel are not those of `lanes`; 0 where no lane is left alive."""
    aside = Lanes(lanes.count, lanes)
    size: Size = 0
    with suppress(Dead):
        size = cast(Size, machine.run(term, frame, aside))
    return size, aside
