"""Searches for an order in which one tenure can open some notes: bin packing into the replies to its answers.

First fit comes first, in the given order and in that of decreasing size (Johnson 1973). If both fail, every order is
tried: which notes each answer opens, answers that open none included. A turn without openings can help, because fewer
turns must then follow the next one.

Up to `EXACT` notes the search is exact, as long as no more than `MOST` answers were tried. Beyond, an order may be
missed where many notes are needed in a tight context; what is found can always be carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations

from relay.trial.rehearsal import Rehearsal, Stage

__all__ = ["EXACT", "MOST", "Openings"]

EXACT = 6
"""Most notes of which every order is tried."""
MOST = 4_000
"""Most answers that are tried, beside those of first fit, for one opening."""


class Openings:
    """The orders in which one tenure can open notes."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._tokens = {id: rehearsal.reply_tokens(id) for id in rehearsal.actions}
        self._named_alike = rehearsal.keeps_names(rehearsal.actions)
        self._left = MOST

    def sweep(self, ids: Sequence[str]) -> Stage:
        """The tenure after it has opened notes in their order, in each turn as many as fit, up to the first that does
        not fit in a turn of its own, or until no turn is left."""
        stage, rest = self._rehearsal.first, list(ids)
        while rest:
            low, high = 0, len(rest) + 1  # the first `low` fit, the first `high` do not
            if self._rehearsal.fits(stage, rest):
                low = len(rest)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._rehearsal.fits(stage, rest[:middle]) else (low, middle)
            after = self._rehearsal.opened(stage, rest[:low]) if low else None
            if after is None:
                break
            stage, rest = after, rest[low:]
        return stage

    def find(self, ids: Sequence[str]) -> Stage | None:
        """The tenure after it has opened all of these notes; None if no order was found."""
        alike = self._named_alike or self._rehearsal.keeps_names(ids)
        if alike and not self._possible(ids):
            return None
        for order in (ids, sorted(ids, key=lambda id: -self._tokens[id])):
            stage = self._first_fit(order)
            if stage is not None:
                return stage
        if len(ids) > EXACT:
            return None
        search = _Search(self._rehearsal, alike, self._left)
        found = search.from_stage(self._rehearsal.first, tuple(ids))
        self._left = search.left
        return found

    def _possible(self, ids: Sequence[str]) -> bool:
        """Whether notes, no name of which is rewritten, could be opened if nothing but their sizes mattered."""
        tokens = [self._tokens[id] for id in ids]
        room = self._rehearsal.room
        return max(tokens) <= room.reply and sum(tokens) <= room.together

    def _first_fit(self, ids: Iterable[str]) -> Stage | None:
        """The tenure after it has opened in each turn, in their order, all notes that still fit; None if some are
        left."""
        stage, rest = self._rehearsal.first, list(ids)
        while rest:
            chosen: list[str] = []
            if self._rehearsal.fits(stage, rest):
                chosen = rest
            else:
                for id in rest:
                    if self._rehearsal.fits(stage, [*chosen, id]):
                        chosen.append(id)
            after = self._rehearsal.opened(stage, chosen)
            if after is None:
                return None
            stage, rest = after, [id for id in rest if id not in chosen]
        return stage


class _Search:
    """Tries every order in which some notes can be opened, depth first, until one is found."""

    def __init__(self, rehearsal: Rehearsal, alike: bool, left: int) -> None:
        """`alike`: whether no name in the notes is rewritten. Otherwise what a note says depends on what was read
        before it, in the same answer too."""
        self._rehearsal = rehearsal
        self._chosen = combinations if alike else permutations
        self._failed: set[tuple[object, ...]] = set()
        self.left = left
        """How many answers may still be tried."""

    def from_stage(self, stage: Stage, rest: tuple[str, ...]) -> Stage | None:
        """The tenure after it has gone on from `stage` and opened the notes `rest`; None if it can't."""
        if not rest:
            return stage
        turns = self._rehearsal.turns(stage)
        state = (rest, self._rehearsal.standing(stage))
        if not turns or state in self._failed:
            return None
        for ids in self._answers(rest, last=turns == 1):
            if self.left <= 0:
                return None
            self.left -= 1
            after = self._rehearsal.opened(stage, ids)
            if after is None:
                continue
            found = self.from_stage(after, tuple(id for id in rest if id not in ids))
            if found is not None:
                return found
        self._failed.add(state)
        return None

    def _answers(self, rest: tuple[str, ...], last: bool) -> Iterator[tuple[str, ...]]:
        """What one answer may open of the notes `rest`, the most first. `last`: whether no other answer can."""
        for number in range(len(rest), len(rest) - 1 if last else -1, -1):
            yield from self._chosen(rest, number)
