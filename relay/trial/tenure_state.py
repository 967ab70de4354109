"""The state of one tenure as a fold over its own events; live and on resume it is the same fold."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from copy import deepcopy

from relay.notation import Scope
from relay.notation.dependencies import grounded
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.budget import Budget, Spent
from relay.records.events import (
    Acted,
    Answered,
    AnyEvent,
    BrokenOff,
    Credited,
    Explained,
    Fault,
    Judged,
    NoteChanged,
    NoteOpened,
    Searched,
    TenureEnded,
)
from relay.records.status import Status
from relay.researcher.observation import Reply, TenureView, Turn
from relay.schemes.notes.linking import KnownStatement
from relay.schemes.notes.note import Note
from relay.trial.event_meaning import definition_of, lost_turn, seen_answer
from relay.trial.opening import Opening

__all__ = ["TenureState"]


class TenureState:
    """What a tenure has read, done, been told and spent."""

    def __init__(self, opening: Opening, reader: StatementReader, credits: Mapping[str, frozenset[str]]) -> None:
        """`credits`: key -> concepts, as they stood when the generation began."""
        self._opening = opening
        self._reader = reader
        self._credits = credits
        self._past: list[Turn] = []
        """All turns but the last; they are records already, since every prompt shows them."""
        self._now: tuple[str, list[Reply]] | None = None
        """The last answer and what has come back for it so far."""
        self.own: dict[str, Definition] = {}
        """Key -> definition that this tenure made."""
        self.definitions: Mapping[str, Definition] = ChainMap(self.own, dict(opening.definitions))
        """Everything that its names can mean."""
        self.names = dict(opening.names)
        """Names that have a meaning for it -> keys."""
        self.labels = dict(opening.labels)
        """The same with names that it has only seen called: nothing that it opens may mean something else by them."""
        self._read = set(opening.names.values())
        self.readable = grounded(self._read, opening.definitions)
        """Keys of the definitions that it may call because it can read them."""
        self.claims: dict[str, str] = {}
        """Names of its claims -> their source."""
        self.told: dict[str, KnownStatement] = {}
        """Keys of the statements that it stated or could read -> what it was told of them."""
        self.notes: dict[str, Note] = dict(opening.notes)
        """What it was shown, may open, or wrote."""
        self.notes_read: set[str] = set()
        """Ids of those that it has read in full, or wrote."""
        for ref in opening.shown.notes:
            self._take_in(self.notes[ref.id])
        self.changes: list[NoteChanged] = []
        self.credited: dict[tuple[str, str], bool] = {}
        """Key and concept -> whether it was earned by a leap."""
        self.explained: set[tuple[str, int]] = set()
        self.spent = Spent()
        self.orientation: Spent | None = None
        """What had been spent when it made its first definition that no note within its reach held."""
        self._noted = {key for note in opening.notes.values() for key in note.defines.values()} | self._read
        self.ended: str | None = None
        self.wants_to_end = False

    # --- the fold --------------------------------------------------------------------------------------------------

    def apply(self, event: AnyEvent) -> None:
        """Take in one event of the tenure."""
        match event:
            case Answered():
                self._past += self._last()
                self._now = (seen_answer(event), [])
                self.spent += Spent(
                    turns=1,
                    tokens_in=event.tokens_in,
                    tokens_out=event.tokens_out,
                    tokens_cached=event.tokens_cached,
                    seconds=event.seconds,
                    money=event.money,
                )
            case BrokenOff():
                self.spent += Spent(seconds=event.seconds)
            case Searched():
                self.spent += Spent(evaluations=event.count)
            case Judged():
                self.spent += Spent(evaluations=event.evaluations)
                self._judge(event)
            case Acted():
                self.spent += Spent(evaluations=event.evaluations)
                name = str(event.action["action"])
                self._reply(Reply(action=name, ok=event.ok, text=event.reply, data=deepcopy(event.data)))
                if "explained" in event.data:
                    self._told(event.data["key"]).explains = tuple(event.data["explained"])
                self.wants_to_end = self.wants_to_end or (name == "end" and event.ok)
            case Fault(side="model"):
                self._reply(Reply(action="", ok=False, text=lost_turn(event)))
            case NoteChanged():
                self.changes.append(event)
                self.notes.pop(event.id, None)
                if event.text:
                    self.notes[event.id] = Note.of(event)
                    self.notes_read.add(event.id)
            case NoteOpened():
                note = self.notes[event.note.id]
                self.names.update(event.names)
                self.labels |= event.called | event.names
                self._read.update(event.names.values())
                self.readable = grounded(self._read, self._opening.definitions)
                self._take_in(note)
            case Credited():
                self.credited[event.key, event.concept] = event.leap
            case Explained():
                self.explained.add((event.key, event.phenomenon))
            case TenureEnded():
                self.ended = event.reason
            case _:
                pass

    def _judge(self, event: Judged) -> None:
        if not event.key:
            return
        told = self.told.setdefault(event.key, KnownStatement())
        if event.told is not None:
            told.status = event.told
        if event.kind == "claim":
            if event.name:
                self.claims[event.name] = event.source
        elif event.status == Status.DEFINED:
            if event.key not in self.own:
                self.own[event.key] = definition_of(event, self._reader, self.definitions)
            self.names[event.name] = self.labels[event.name] = event.key
            if self.orientation is None and event.key not in self._noted:
                self.orientation = self.spent

    def _told(self, key: str) -> KnownStatement:
        return self.told.setdefault(key, KnownStatement())

    def _take_in(self, note: Note) -> None:
        """A note has been read in full. A status written on a note of several statements is of none in particular."""
        self.notes_read.add(note.id)
        for key in note.statements:
            told = self._told(key)
            if len(note.statements) == 1:
                told.status = told.status or note.sure

    def _reply(self, reply: Reply) -> None:
        if self._now is None:
            raise IndexError("a reply to no answer")
        self._now[1].append(reply)

    # --- what follows from it --------------------------------------------------------------------------------------

    @property
    def scope(self) -> Scope:
        """What its statements may call."""
        callable_names = {
            name: self.definitions[key]
            for name, key in sorted(self.names.items())
            if key in self.own or key in self.readable
        }
        return Scope(self._reader.given, callable_names)

    def linkable(self) -> dict[str, str]:
        """Names that a statement in a note may use -> keys: those that it can call, and those that it only reads."""
        return {name: key for name, key in self.names.items() if key in self.definitions}

    def concepts(self) -> set[str]:
        """Concepts that it can read or has earned."""
        found = {concept for _, concept in self.credited}
        for key in self.readable:
            found |= self._credits.get(key, frozenset())
        return found

    def view(self) -> TenureView:
        """All that its researcher may know."""
        turns = (*self._past, *self._last())
        return TenureView(observation=self._opening.observation, turns=turns, spent=self.spent)

    def _last(self) -> tuple[Turn, ...]:
        """The last turn as it stands, if there was one."""
        return () if self._now is None else (Turn(answer=self._now[0], replies=tuple(self._now[1])),)

    def left(self, budget: Budget) -> int:
        """Evaluations that it may still spend."""
        return budget.evaluations - self.spent.evaluations
