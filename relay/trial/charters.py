"""How the charters of a trial are kept: each one's predicate is asked about each tenure of a generation.

A charter that fails, or answers something else, costs the trial nothing: the log says why it could not tell, and
judging the trial again asks it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import iscoroutine
from types import MappingProxyType
from typing import Any

from relay.component_files import located, verified
from relay.components import build
from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.events import AnyEvent, NotesShown
from relay.records.kept import CharterKept, TenureKept
from relay.records.spec import ComponentSpec, code_reference
from relay.researcher.actions import NoteAction, note_action
from relay.researcher.answers import clean
from relay.schemes.handover.charter import Charter, Kept
from relay.schemes.handover.conduct import Conduct
from relay.schemes.handover.step import HandoverStep
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme
from relay.text import excerpt, printable
from relay.trial.asking import place_in

__all__ = ["Charters"]

LONGEST = 200
"""Most characters of the reason why a charter could not tell."""
_ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Charters:
    """The charters of a trial, and the actions of its note scheme."""

    placed: Mapping[int, Charter]
    """Place among the hand-over steps, from 1 -> charter."""
    names: Mapping[int, str]
    """Place -> the charter's name in the condition."""
    actions: tuple[NoteAction, ...]

    @classmethod
    def of(cls, condition: Condition, steps: Sequence[HandoverStep | None], notes: type[NoteScheme]) -> Charters:
        """Those among the steps of a condition; a step that is None could not be built."""
        placed = {place: step for place, step in enumerate(steps, 1) if isinstance(step, Charter)}
        names = {place: condition.handover[place - 1].name for place in placed}
        return cls(placed, names, tuple(map(note_action, notes.actions)))

    @classmethod
    def rebuilt(cls, condition: Condition, *, trust: bool) -> Charters:
        """Those that can be built without running code of the trial, or with `trust` all that can be built."""
        paths = verified(condition)

        def built(group: str, spec: ComponentSpec) -> Any:
            if code_reference(spec.name) is not None and not trust:
                return None
            try:
                return build(group, located(group, spec, paths))
            except UsageError:  # it is not installed here
                return None

        steps = [built("relay.handover", step) for step in condition.handover]
        if not any(isinstance(step, Charter) for step in steps):
            return cls({}, {}, ())
        notes = built("relay.notes", condition.notes)
        return cls({}, {}, ()) if notes is None else cls.of(condition, steps, type(notes))

    def check(self) -> None:
        """Raise `UsageError` if a charter fails for a tenure that has done nothing."""
        for place, charter in self.placed.items():
            found = _asked(charter, Conduct(actions=self.actions))
            if isinstance(found, str):
                raise UsageError(
                    f"the charter `{self.names[place]}` failed for a tenure without events: {found}; fix its `kept`"
                    f"{place_in(charter, 'kept')}"
                )

    def kept(
        self, generation: int, tenures: Mapping[int, Sequence[AnyEvent]], notes: Mapping[str, Note]
    ) -> Iterator[CharterKept]:
        """Yield an event for each charter, without its `seq`. `tenures` maps places in the generation to the events of
        their tenures; `notes` is the store as it was when the generation began."""
        for place in self.placed:
            yield self.kept_at(place, generation, tenures, notes)

    def kept_at(
        self, place: int, generation: int, tenures: Mapping[int, Sequence[AnyEvent]], notes: Mapping[str, Note]
    ) -> CharterKept:
        """The event of one charter."""
        charter = self.placed[place]
        told = tuple(
            _told(charter, charter.is_given_to(generation), tenure, _copied(events, notes, self.actions))
            for tenure, events in sorted(tenures.items())
        )
        return CharterKept(generation=generation, by=self.names[place], place=place, tenures=told)


def _copied(events: Sequence[AnyEvent], notes: Mapping[str, Note], actions: tuple[NoteAction, ...]) -> Conduct:
    """What a predicate is asked about: copies, so that it changes nothing of the trial, whatever it does with them."""
    kept = {id: note.model_copy(deep=True) for id, note in notes.items()}
    return Conduct(tuple(event.model_copy(deep=True) for event in events), MappingProxyType(kept), actions)


def _told(charter: Charter, due: bool, tenure: int, conduct: Conduct) -> TenureKept:
    """How one tenure kept a charter. `due`: whether its generation is given the rule; another charter may say the same
    words."""
    given = due and charter.rule.strip() in _words(conduct.events)
    found = _asked(charter, conduct)
    if isinstance(found, str):
        return TenureKept(tenure=tenure, given=given, chances=0, kept=0, failed=found)
    return TenureKept(tenure=tenure, given=given, chances=found.chances, kept=found.kept)


def _words(events: Iterable[AnyEvent]) -> tuple[str, ...]:
    return next((event.words for event in events if isinstance(event, NotesShown)), ())


def _asked(charter: Charter, conduct: Conduct) -> Kept | str:
    """What a charter says of one tenure, or why it could not tell, in words that are the same on any machine."""
    try:
        found: object = charter.kept(conduct)
        if isinstance(found, Kept):
            return Kept.model_validate({"chances": found.chances, "kept": found.kept})
    except (Exception, SystemExit) as error:  # its author's mistake, whatever it is
        told = " ".join(_ADDRESS.sub("0x...", clean(f"{type(error).__name__}: {error}")).split())
        return excerpt(printable(told), LONGEST)
    if iscoroutine(found):
        found.close()  # else Python warns that nobody awaited it
    name = type(found).__name__
    return f"it returned a{'n' * (name[0] in 'aeiouAEIOU')} {name}, and no `Kept`"
