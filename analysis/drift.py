"""How false statements spread in the notes of a chain, by events alone.

A statement is *false* if it is a claim that the checker refuted, or a definition that a control put in as an error. A
statement *rests on* a false one if it calls it, itself or through others; or if it stands in a note that derives,
itself or through others, from another note which held a false statement. No definition can call a claim, so what became
of a false claim is seen in what was written on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from relay.records.events import AnyEvent, GenerationEnded, Judged, NoteChanged
from relay.records.intervened import Intervened
from relay.records.status import Status
from relay.text import quantity

WRONG = frozenset({"error", "false"})
"""Roles of what a control states that make a definition false."""


@dataclass(frozen=True)
class Drift:
    """The statements that stand in the notes at the end of a generation, each counted once."""

    standing: int = 0
    """All statements."""
    false: int = 0
    resting: int = 0
    """Statements that are not false themselves and rest on false ones."""

    def record(self) -> dict[str, Any]:
        """Return the data that `relay show --json` prints."""
        return {"statements": self.standing, "false": self.false, "rest_on_false": self.resting}

    def words(self) -> str:
        """Describe it, in a line."""
        rest = f"{self.resting} {'rests' if self.resting == 1 else 'rest'} on {'it' if self.false == 1 else 'them'}"
        return f"{self.false} of {quantity(self.standing, 'statement')} in the notes are false, {rest}"


@dataclass(frozen=True)
class _Held:
    """A note as it stands."""

    statements: tuple[str, ...]
    tainted: bool
    """Whether it derives from another note that held a false statement."""


class DriftCount:
    """Follows the statements of a trial: a fold over its events. It grows with the notes, and not with the log."""

    def __init__(self) -> None:
        self._fresh: dict[str, tuple[bool, tuple[str, ...]]] = {}
        """Key of a statement of the present generation -> whether it is false, and the keys of what it calls."""
        self._known: dict[str, tuple[bool, tuple[str, ...]]] = {}
        """The same, for statements that a note holds or held, and for what they rest on."""
        self._notes: dict[str, _Held] = {}
        self._tainting: set[str] = set()
        """Ids of notes from which no note can derive any more without resting on something false."""

    def take(self, event: AnyEvent) -> None:
        """Follow the statements through one event."""
        match event:
            case Judged() if event.key:
                self._state(event.key, event.status == Status.REFUTED, event.rests_on)
            case Intervened() if event.key:
                wrong = event.kind == "define" and event.role in WRONG
                self._state(event.key, wrong or event.status == Status.REFUTED, event.rests_on)
            case NoteChanged(applied=True):
                self._change(event)
            case GenerationEnded():
                self._fresh = {}
            case _:
                pass

    def drift(self) -> Drift:
        """Return what stands in the notes now."""
        standing = {key for note in self._notes.values() for key in note.statements}
        derived = {key for note in self._notes.values() if note.tainted for key in note.statements}
        false = {key for key in standing if self._false(key)}
        spoilt = self._spoilt()
        resting = {key for key in standing - false if key in derived or key in spoilt}
        return Drift(len(standing), len(false), len(resting))

    def _state(self, key: str, false: bool, rests_on: Mapping[str, str]) -> None:
        before = self._fresh.get(key, self._known.get(key, (False, ())))
        stated = (before[0] or false, tuple(rests_on.values()))
        self._fresh[key] = stated
        if key in self._known:
            self._known[key] = stated

    def _change(self, change: NoteChanged) -> None:
        if not change.text:
            self._notes.pop(change.id, None)
            return
        self._adopt([*change.statements, *change.rests_on.values()])
        there = self._notes.get(change.id)
        others = {ref.id for ref in change.parents} - {change.id}
        tainted = bool(there and there.tainted) or not others.isdisjoint(self._tainting)
        self._notes[change.id] = _Held(change.statements, tainted)
        if tainted or any(map(self._false, change.statements)):
            self._tainting.add(change.id)

    def _adopt(self, keys: Collection[str]) -> None:
        """Keep statements of this generation, with all that they rest on."""
        waiting = [key for key in keys if key in self._fresh and key not in self._known]
        while waiting:
            key = waiting.pop()
            if key not in self._known and key in self._fresh:
                self._known[key] = self._fresh[key]
                waiting += self._fresh[key][1]

    def _false(self, key: str) -> bool:
        return self._known.get(key, (False, ()))[0]

    def _spoilt(self) -> set[str]:
        """Keys of the statements that call a false one, themselves or through others."""
        callers: dict[str, list[str]] = {}
        for key, (_, called) in self._known.items():
            for below in called:
                callers.setdefault(below, []).append(key)
        waiting = [key for key, (false, _) in self._known.items() if false]
        found: set[str] = set()
        while waiting:
            for key in callers.get(waiting.pop(), ()):
                if key not in found:
                    found.add(key)
                    waiting.append(key)
        return found
