"""Which phenomena a definition explains: those whose values it has, if it is short enough.

A definition that only repeats what is shown has the values as well. It can't be short, for it holds the whole table, in
numerals, in a choice for every point, or in helpers. So in a task that gives sorts an explanation has a largest length,
`longest`: twice the statement size, and less than the shortest copy where tables are small. Over scalars, where
phenomena are worked examples and no whole tables, it has none.

The length of a definition is the number of its own term nodes and of those of the helpers that it calls, each once. A
helper that explains a phenomenon itself is left out, with all that it rests on: an explanation may build on others as
on given operations. A helper that is too long explains nothing, so it is never left out.

Of a phenomenon that is shown in part, only the first helper that explains it is left out. At points that are not shown
two of them may differ, and so could bring any number of values along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import floor, log10

from relay.checker.matching import Matcher, NearMiss
from relay.checker.phenomena import Behaviour
from relay.checker.shelf import shelves
from relay.notation.dependencies import closure, direct_calls
from relay.notation.syntax import Definition
from relay.records.record import Record
from relay.records.task import Given, Task

__all__ = ["Explainer", "Fit", "length", "longest", "shortest_copy"]

TIMES = 2
"""The length that an explanation may have, in statements of the largest size. One statement is what its author may
write at once, a second one leaves room for helpers."""

COPY = 11
"""The nodes of the shortest copies, beside the digits that a table holds. They divide one numeral by a number of the
point, as in `[e for e in E][7315 // count(f(x, e) == g(d, y) for e in E for d in E) % 4]`: 14 nodes and the digits. Who
tries some thousand numbers of the point needs up to three digits less (docs/decisions.md, Copying explains nothing)."""


def longest(given: Given, statement_size: int) -> int | None:
    """The most term nodes that an explanation may have; None if any number may."""
    return None if given.scalars else min(TIMES * statement_size, shortest_copy(given) - 1)


def shortest_copy(given: Given) -> int:
    """The term nodes of the shortest copies of a table of two arguments over the largest sort.

    Such a table of q elements is one of q^(q^2), so it holds q^2 log10 q digits. A numeral counts a node a digit."""
    size = max((sort.size for sort in given.sorts), default=1)
    return COPY + floor(size**2 * log10(size))


def length(
    definition: Definition, definitions: Mapping[str, Definition], left_out: Callable[[Definition], bool]
) -> int:
    """The term nodes of a definition and of the helpers that it calls, directly or not, each once. Helpers for which
    `left_out` holds are not counted, nor what only they call."""
    total, met, waiting = definition.nodes, {definition.key}, list(direct_calls(definition))
    while waiting:
        helper = definitions.get(waiting.pop())
        if helper is not None and helper.key not in met:
            met.add(helper.key)
            if not left_out(helper):
                total += helper.nodes
                waiting.extend(direct_calls(helper))
    return total


class Fit(Record):
    """How a definition compares with the phenomena of a task."""

    fits: tuple[str, ...] = ()
    """Ids of the phenomena whose values it has, in the order of the task."""
    length: int = 0
    """Its length; 0 if it was not needed: it fits none, or any length may explain."""
    most: int | None = None
    """The most that its length may be; None if it may have any."""
    near: tuple[NearMiss, ...] = ()
    """Phenomena that it nearly fits. Empty if it fits one."""

    @property
    def too_long(self) -> bool:
        """Whether it fits a phenomenon, and is too long to explain it."""
        return self.most is not None and self.length > self.most

    @property
    def explained(self) -> tuple[str, ...]:
        """Ids of the phenomena that it explains."""
        return () if self.too_long else self.fits


class Explainer:
    """Compares definitions with the phenomena of one task. Every definition is compared once."""

    def __init__(self, task: Task, behaviours: Sequence[Behaviour]) -> None:
        """`behaviours` are the phenomena of the task, in its order."""
        self._behaviours = tuple(behaviours)
        self._shelves = shelves(self._behaviours)
        self._most = longest(task.given, task.statement_size)
        self._partial = frozenset(behaviour.id for behaviour in self._behaviours if not behaviour.whole)
        """Ids of the phenomena that are not shown at every point."""
        self._explanations: dict[str, Fit] = {}

    def explanation(self, definition: Definition, definitions: Mapping[str, Definition]) -> Fit:
        """How `definition` compares with the phenomena. `definitions` contains all that it rests on."""
        found = self._explanations.get(definition.key)
        if found is None:
            found = self._explanations[definition.key] = self._explanation(definition, definitions)
        return found

    def _explanation(self, definition: Definition, definitions: Mapping[str, Definition]) -> Fit:
        fits, near = self._compare(definition, definitions)
        if self._most is None or not fits:
            return Fit(fits=fits, near=near)
        return Fit(fits=fits, length=self._length(definition, definitions, self._most), most=self._most)

    def _compare(
        self, definition: Definition, definitions: Mapping[str, Definition]
    ) -> tuple[tuple[str, ...], tuple[NearMiss, ...]]:
        """The ids of the phenomena whose values a definition has; if there are none, those that it nearly fits."""
        matcher = Matcher(definition, {**definitions, definition.key: definition})
        shared, single = self._shelves
        places = sorted([*single, *(place for shelf in shared for place in matcher.promising(shelf))])
        found = [near for place in places if (near := matcher.nearest(self._behaviours[place])) is not None]
        fits = tuple(near.id for near in found if near.agreed == near.points)
        return fits, () if fits else tuple(found)

    def _length(self, definition: Definition, definitions: Mapping[str, Definition], most: int) -> int:
        whole = length(definition, definitions, lambda helper: False)
        if whole <= most:
            return whole  # nothing has to be left out
        # Callees come first, so nothing here recurses: a chain of definitions may be deeper than Python's own stack.
        helpers = closure(sorted(direct_calls(definition)), definitions)
        for helper in helpers.values():
            self.explanation(helper, definitions)
        left_out = self._left_out(helpers)
        return length(definition, definitions, lambda helper: helper.key in left_out)

    def _left_out(self, helpers: Mapping[str, Definition]) -> frozenset[str]:
        """Keys of those of `helpers` that don't count because they explain a phenomenon. Callees come first."""
        heights: dict[str, int] = {}
        for key, helper in helpers.items():
            heights[key] = 1 + max((heights.get(below, 0) for below in direct_calls(helper)), default=0)
        met: set[str] = set()
        chosen = set()
        # by key within a height, since no length may depend on names
        for key in sorted(helpers, key=lambda key: (heights[key], key)):
            explained = self._explanations[key].explained
            if any(one not in self._partial or one not in met for one in explained):
                chosen.add(key)
            met.update(explained)
        return frozenset(chosen)
