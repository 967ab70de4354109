"""The definitions that a successor could call: those that it is shown, and those that it can open within one tenure.

A definition counts if some order of openings makes it callable: answers that open notes and do nothing else, after
which a turn is left in which it can be called. Different definitions may need different orders. The orders are
rehearsed (`relay.trial.rehearsal`), so turns, context, tokens and money limit them as they limit a tenure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice, product

from relay.notation.dependencies import closure, grounded
from relay.schemes.notes.note import Note
from relay.trial.opening import Opening, inheritance_room, open_tenure
from relay.trial.openings import Openings
from relay.trial.rehearsal import Rehearsal, Stage
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = ["callable_keys", "formerly_readable", "openable", "readable_keys"]

CHOICES = 64
"""Most choices of notes that are tried for one definition, where several notes hold what it rests on."""


def readable_keys(setup: TrialSetup, state: TrialState, generation: int) -> frozenset[str]:
    """Keys of the definitions that some tenure of a generation could be shown, or could open within its context and
    turns. Precondition: `state` is the state at the start of the generation."""
    return frozenset(key for opening in _openings(setup, state, generation) for key in callable_keys(setup, opening))


def formerly_readable(setup: TrialSetup, state: TrialState, generation: int) -> frozenset[str]:
    """What logs have as `readable` that were written before openings were rehearsed: whatever the index names counted,
    in its order, up to as many tokens as the notes handed on may have."""
    found: set[str] = set()
    for opening in _openings(setup, state, generation):
        keys, spare = set(opening.names.values()), inheritance_room(setup, opening.tenure)
        for ref in opening.shown.listed if setup.budget.turns > 1 else ():
            note = opening.notes[ref.id]
            spare -= setup.count(note.text)
            if spare < 0:
                break
            keys.update(note.defines.values())
        found |= grounded(keys, opening.definitions)
    return frozenset(found)


def _openings(setup: TrialSetup, state: TrialState, generation: int) -> Iterator[Opening]:
    """The different openings of a generation's tenures."""
    # Without steps, messages and personas, every place of the chain is handed the same.
    differ = setup.steps or setup.memory.transcripts or len(setup.personas) > 1
    places = range(1, setup.condition.width + 1) if differ else (1,)
    return (open_tenure(setup, state, generation, tenure) for tenure in places)


def callable_keys(setup: TrialSetup, opening: Opening) -> frozenset[str]:
    """Keys of the definitions that a tenure with this opening can call, or can make callable by opening notes."""
    return frozenset(opening.shown.readable).union(openable(setup, opening))


def openable(setup: TrialSetup, opening: Opening) -> dict[str, Stage]:
    """Keys of the definitions that a tenure with this opening can't call at its start, and can make callable by opening
    notes; for each, the tenure after answers that do so."""
    if not opening.openable or setup.budget.turns < 2:
        return {}
    return _Reach(opening, Rehearsal(setup, opening)).openable()


class _Reach:
    """What one tenure can make callable by opening notes."""

    def __init__(self, opening: Opening, rehearsal: Rehearsal) -> None:
        self._definitions = opening.definitions
        self._read = frozenset(opening.names.values())
        self._notes: Mapping[str, Note] = {id: opening.notes[id] for id in rehearsal.actions}
        """Id -> note that can be opened, the most important first."""
        self._rehearsal = rehearsal

    def openable(self) -> dict[str, Stage]:
        """Key of a definition that some order of openings makes callable -> a tenure in which it is."""
        found: dict[str, Stage] = {}
        wanted = self._callable(self._notes) - self._callable(())
        if not wanted:
            return found
        openings = Openings(self._rehearsal)

        def add(stage: Stage) -> None:
            found.update(dict.fromkeys(sorted(self._callable(stage.opened) & wanted - found.keys()), stage))

        # mostly, all of them can be opened at once
        add(openings.sweep([id for id, note in self._notes.items() if not wanted.isdisjoint(note.defines.values())]))
        # those that need the most come first: whoever has opened these can call what they rest on
        missing = {key: self._missing(key) for key in sorted(wanted - found.keys())}
        for key in sorted(missing, key=lambda key: -len(missing[key])):
            if key not in found:
                orders = map(openings.find, self._choices(missing[key]))
                stage = next((stage for stage in orders if stage is not None), None)
                if stage is not None:
                    add(stage)
        return found

    def _callable(self, ids: Collection[str]) -> frozenset[str]:
        """Keys of the definitions that can be called after these notes were opened."""
        keys = {key for id in ids for key in self._notes[id].defines.values()}
        return grounded(self._read | keys, self._definitions)

    def _missing(self, key: str) -> tuple[str, ...]:
        """Keys of what has yet to be read before a definition can be called, its own among them."""
        return tuple(each for each in closure([key], self._definitions) if each not in self._read)

    def _choices(self, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """The sets of notes that hold all of these definitions, without those that hold more than another set needs.
        Ids are in the order of the index."""
        holders = [[id for id, note in self._notes.items() if key in note.defines.values()] for key in keys]
        chosen = {frozenset(ids) for ids in islice(product(*holders), CHOICES)}
        least = [ids for ids in chosen if not any(other < ids for other in chosen)]
        ordered = (tuple(id for id in self._notes if id in ids) for ids in least)
        return sorted(ordered, key=lambda ids: (len(ids), ids))
