"""The state of a trial as a fold over its events.

`TrialState.apply` is the only way in which a state changes, live, on resume and on replay alike. What is kept is what
the next generation needs: the notes that stand, the definitions they are linked to, and what was established. The log
is not kept, so a trial's memory grows with its notes and not with its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.budget import Spent
from relay.records.events import (
    Acted,
    Answered,
    AnyEvent,
    Credited,
    Explained,
    Fault,
    GenerationEnded,
    Judged,
    LawCredited,
    NoteChanged,
    NoteOpened,
    NotesShown,
    TenureEnded,
    TrialEnded,
)
from relay.records.status import Status
from relay.researcher.observation import Message
from relay.researcher.prompting import render_replies
from relay.schemes.memory.scheme import Remembered
from relay.schemes.notes.note import Note
from relay.trial.event_meaning import definition_of, lost_turn, seen_answer

__all__ = ["TrialState", "fold"]


@dataclass
class _Generation:
    """What a generation's events say before it has ended."""

    judged: dict[str, Judged] = field(default_factory=dict)
    credits: dict[str, set[str]] = field(default_factory=dict)
    transcripts: dict[int, _Transcript] = field(default_factory=dict)


@dataclass
class _Transcript:
    """One tenure's messages, in the making."""

    messages: list[Remembered]
    answered: int = -1
    """Where its last answer stands."""
    replies: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def flush(self) -> None:
        if self.replies:
            message = Message(role="user", content=render_replies(self.replies))
            self.messages.append(Remembered(message=message, names=dict(sorted(self.names.items()))))
        self.replies, self.names = [], {}


class TrialState:
    """Where a trial stands."""

    def __init__(self, reader: StatementReader, *, transcripts: bool = False) -> None:
        """`transcripts`: whether the memory scheme hands messages on."""
        self._reader = reader
        self._keep = transcripts
        self._now = _Generation()
        self.seq = 0
        """Number of the next event."""
        self.generation = 0
        """The last generation that has ended."""
        self.ended: str | None = None
        """`completed` or `interrupted`."""
        self.notes: dict[str, Note] = {}
        """The store, in the order in which notes came into it."""
        self.definitions: dict[str, Definition] = {}
        """Definitions that notes or messages were linked to, and what they rest on, each after those that it calls."""
        self.credits: dict[str, frozenset[str]] = {}
        """Key of one of these definitions -> concepts that it is a form of."""
        self.established: dict[str, int] = {}
        """Concept -> the generation that first earned it."""
        self.without_leaps: set[str] = set()
        self.laws: set[str] = set()
        self.explained: set[int] = set()
        self.remembered: dict[int, tuple[Remembered, ...]] = {}
        """Place of a tenure -> messages of the last one in it."""
        self.last: GenerationEnded | None = None
        self.recall_sum = 0.0
        """Depth-weighted recall of the retained, summed over generations."""
        self.spent = Spent()
        """By all tenures of ended generations."""

    @property
    def auc(self) -> float:
        """Mean of depth-weighted recall over the generations so far."""
        return self.recall_sum / self.generation if self.generation else 0.0

    def apply(self, event: AnyEvent) -> None:
        """Take in one event."""
        self.seq = event.seq + 1
        match event:
            case Judged(kind="define", status=Status.DEFINED):
                self._now.judged.setdefault(event.key, event)
                self._remember_name(event)
            case Credited():
                self._now.credits.setdefault(event.key, set()).add(event.concept)
                self.established.setdefault(event.concept, event.generation)
                if not event.leap:
                    self.without_leaps.add(event.concept)
            case LawCredited():
                self.laws.add(event.law)
            case Explained():
                self.explained.add(event.phenomenon)
            case NoteChanged(applied=True):
                self._change(event)
            case GenerationEnded():
                self._end_generation(event)
            case TrialEnded():
                self.ended = event.reason
            case _:
                if self._keep:
                    self._remember(event)

    # --- notes and what they are linked to -------------------------------------------------------------------------

    def _change(self, change: NoteChanged) -> None:
        if change.text:
            self.notes[change.id] = Note.of(change)
            self._adopt([*change.statements, *change.rests_on.values()])
        elif not change.conflict:
            self.notes.pop(change.id, None)

    def _adopt(self, keys: Iterable[str]) -> None:
        """Keep definitions of this generation for good, with what they rest on."""
        known = _Both(self._now.judged, self.definitions)
        for key, event in known.missing(keys):
            self.definitions[key] = definition_of(event, self._reader, self.definitions)
            self.credits[key] = frozenset(self._now.credits.get(key, ()))

    def _end_generation(self, event: GenerationEnded) -> None:
        self._now = _Generation()
        self.generation = event.generation
        self.last = event
        self.recall_sum += event.measures["depth_weighted_recall"]
        self.spent += event.spent

    # --- messages that a memory scheme may hand on -----------------------------------------------------------------

    def _remember(self, event: AnyEvent) -> None:
        if isinstance(event, NotesShown):
            before = self.remembered.get(event.tenure, ())
            opening = Remembered(message=Message(role="user", content=event.text), names=event.names)
            kept = before[len(before) - event.messages :] if event.messages else ()
            self._now.transcripts[event.tenure] = _Transcript([*kept, opening])
            return
        transcript = self._now.transcripts.get(event.tenure)
        if transcript is None:
            return
        match event:
            case Answered():
                transcript.flush()
                transcript.answered = len(transcript.messages)
                text = seen_answer(event)
                transcript.messages.append(Remembered(message=Message(role="assistant", content=text)))
            case Acted():
                transcript.replies.append(event.reply)
            case Fault(side="model"):
                transcript.replies.append(lost_turn(event))
            case NoteOpened():
                transcript.names.update(event.names)
            case TenureEnded():
                transcript.flush()
                self.remembered[event.tenure] = tuple(transcript.messages)
                self._adopt(key for message in transcript.messages for key in message.names.values())

    def _remember_name(self, event: Judged) -> None:
        transcript = self._now.transcripts.get(event.tenure)
        if transcript is not None and transcript.answered >= 0:
            answer = transcript.messages[transcript.answered]
            names = {**answer.names, event.name: event.key}
            transcript.messages[transcript.answered] = answer.model_copy(update={"names": names})

    # --- comparing -------------------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Everything in it as plain data, to tell whether two states are one."""
        return {
            "seq": self.seq,
            "generation": self.generation,
            "ended": self.ended,
            "notes": [note.model_dump() for note in self.notes.values()],
            "definitions": {key: definition.source for key, definition in self.definitions.items()},
            "credits": {key: sorted(concepts) for key, concepts in self.credits.items()},
            "established": dict(self.established),
            "without_leaps": sorted(self.without_leaps),
            "laws": sorted(self.laws),
            "explained": sorted(self.explained),
            "remembered": {
                place: [message.model_dump() for message in messages] for place, messages in self.remembered.items()
            },
            "last": self.last.model_dump() if self.last else None,
            "recall_sum": self.recall_sum,
            "spent": self.spent.model_dump(),
        }


class _Both:
    """Definitions of this generation over those that are kept."""

    def __init__(self, judged: dict[str, Judged], kept: dict[str, Definition]) -> None:
        self.judged = judged
        self.kept = kept

    def missing(self, keys: Iterable[str]) -> Iterable[tuple[str, Judged]]:
        """What of `keys` and all that it rests on is not kept yet, each after those that it calls."""
        found: dict[str, Judged] = {}
        for start in keys:
            stack = [(start, False)]
            while stack:
                key, expanded = stack.pop()
                event = self.judged.get(key)
                if event is None or key in self.kept or key in found:
                    continue
                if expanded:
                    found[key] = event
                else:
                    stack.append((key, True))
                    stack += [(below, False) for below in event.rests_on.values()]
        return found.items()


def fold(events: Iterable[AnyEvent], reader: StatementReader, *, transcripts: bool = False) -> TrialState:
    """The state that events lead to."""
    state = TrialState(reader, transcripts=transcripts)
    for event in events:
        state.apply(event)
    return state
