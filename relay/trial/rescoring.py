"""Judging a trial again: new verdicts and new credit for its logged answers, under this checker and a task.

What happened stays as it happened: the answers, what the researchers were told, what they noted and what they were
shown. Only what the checker decides is decided again: verdicts, credits, and the measures that follow from them. So the
new log is what the old one would have been if researchers had said the same under this checker. No component of the
trial is needed, neither its agent nor its schemes.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from relay.errors import ModelFault, NotationError, UsageError
from relay.notation import Scope
from relay.notation.dependencies import grounded
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition, Statement
from relay.records.condition import Condition
from relay.records.events import (
    Acted,
    Answered,
    AnyEvent,
    Credited,
    Explained,
    GenerationEnded,
    GenerationStarted,
    HandedOn,
    Judged,
    LawCredited,
    NoteChanged,
    NoteOpened,
    NotesShown,
    TenureStarted,
    TrialEnded,
    TrialStarted,
)
from relay.records.intervened import Intervened
from relay.records.kept import CharterKept
from relay.records.reader import LogBlock
from relay.records.reply_data import StatementData
from relay.records.scores import TrialScores
from relay.records.status import Status
from relay.records.status_told import StatusTold
from relay.records.task import Given, Task
from relay.researcher.actions import State
from relay.researcher.answers import read_actions
from relay.researcher.observation import number_phenomena
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge
from relay.scoring.theory import Theory
from relay.text import excerpt
from relay.trial.charters import Charters
from relay.trial.directory import start
from relay.trial.earnings import earnings
from relay.trial.interventions.desk import intervened
from relay.trial.state import TrialState
from relay.trial.statement_executor import judged
from relay.trial.tenure_credit import TenureCredit

__all__ = ["Rejudged", "Rescorer"]


CONTROLS = 0
"""The number under which the trial's control is kept among the tenures of a generation."""

TOLD = ("told", "told_after", "explains", "evaluations")
"""What happened when a statement was judged, and is kept."""

UNREADABLE = "it was read by the version of relay that judged it before, and this one can't read it"


@dataclass(frozen=True)
class Rejudged:
    """A statement whose status is another one now."""

    generation: int
    tenure: int
    turn: int
    statement: str
    """Its name, or the beginning of its source."""
    before: str
    after: str


@dataclass
class _Tenure:
    """What one tenure could call, and what it has earned anew."""

    credit: TenureCredit
    inherited: Mapping[str, Definition]
    """Key -> definition, for everything that notes and messages were linked to when its generation began."""
    own: dict[str, Definition] = field(default_factory=dict)
    """Key -> definition of its own."""
    names: dict[str, str] = field(default_factory=dict)
    """Name that the tenure may use -> key."""
    read: set[str] = field(default_factory=set)
    """Keys of the definitions that it read."""
    stated: list[str] = field(default_factory=list)
    """Sources of the statements in its last answer that were not judged yet."""

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Key -> definition, for everything that its names can mean."""
        return ChainMap(self.own, dict(self.inherited))

    @property
    def readable(self) -> frozenset[str]:
        """Keys of the inherited definitions that it may call."""
        return grounded({*self.read, *self.own}, self.definitions) & self.read

    def scope(self, given: Given) -> Scope:
        """The names that its statements may call."""
        definitions, readable = self.definitions, self.readable
        return Scope(
            given,
            {name: definitions[key] for name, key in sorted(self.names.items()) if key in self.own or key in readable},
        )


class Rescorer:
    """Rewrites the log of a trial block by block."""

    def __init__(
        self, condition: Condition, task: Task, judge: Judge, *, transcripts: bool, charters: Charters
    ) -> None:
        """`condition` and `task` are those of the new trial. What researchers saw of the task must be what it was.
        `transcripts`: whether the trial's memory scheme hands messages on. How `charters` were kept is
        asked anew; of other charters it stays as it was logged."""
        self.scores = TrialScores(task.concepts)
        self.changed: list[Rejudged] = []
        self.statements = 0
        """Number of statements that were judged again."""
        self._start = start(condition, task)
        self._task, self._theory, self._judge = task, Theory.read(task), judge
        self._numbers = {id: public.number for id, public in number_phenomena(task, condition.seed).items()}
        self._reader = StatementReader(task.given)
        self._state = TrialState(self._reader, transcripts=transcripts)
        """The state of the new trial, up to the last block that was written."""
        self._keys: dict[str, str] = {}
        """Key as logged -> key now, where the two differ."""
        self._tenures: dict[int, _Tenure] = {}
        self._charters = charters
        self._written: list[AnyEvent] = []
        """What the block that is rewritten has so far."""

    async def block(self, block: LogBlock) -> list[AnyEvent]:
        """The block as it is now."""
        read = self._read(line.event for line in block.events)
        found = await self._examined(block, read)
        self._written = written = list[AnyEvent]()
        for at, line in enumerate(block.events):
            for event in self._rewritten(line.event, at, read, found):
                placed = event.model_copy(update={"seq": self._state.seq})
                self.scores.apply(placed)
                self._state.apply(placed)
                written.append(placed)
        return written

    def unfinished(self) -> list[AnyEvent]:
        """The last block of a trial that had not ended."""
        return [TrialEnded(reason="rescored", auc=self.scores.auc, seq=self._state.seq)]

    # --- reading and judging -----------------------------------------------------------------------------------------

    def _read(self, events: Iterable[AnyEvent]) -> dict[int, Statement | None]:
        """Place of a `judged` event -> its statement as it reads now; None if it does not read."""
        found: dict[int, Statement | None] = {}
        # as at the start of the generation
        forms, inherited = dict(self.scores.found.forms), dict(self._state.store.definitions)
        for at, event in enumerate(events):
            match event:
                case GenerationStarted():
                    self._tenures = {}
                case TenureStarted(tenure=tenure):
                    self._tenures[tenure] = _Tenure(TenureCredit(forms), inherited)
                case NotesShown(tenure=tenure):
                    self._see(tenure, {**event.remembered, **event.names})
                case NoteOpened(tenure=tenure):
                    self._see(tenure, event.names)
                case Answered(tenure=tenure):
                    self._tenures[tenure].stated = _stated(event)
                case Intervened():
                    found[at] = self._statement(event, self._control(inherited))
                case Judged(tenure=tenure):
                    self._check_stated(event, self._tenures[tenure])
                    found[at] = self._statement(event, self._tenures[tenure])
        return found

    def _control(self, inherited: Mapping[str, Definition]) -> _Tenure:
        """The trial's control, as if it were a tenure: it can call what any tenure of the generation can."""
        if CONTROLS not in self._tenures:
            own = (tenure.own for tenure in self._tenures.values())
            self._tenures[CONTROLS] = _Tenure(TenureCredit({}), ChainMap(*own, dict(inherited)))
        return self._tenures[CONTROLS]

    def _check_stated(self, event: Judged, tenure: _Tenure) -> None:
        """Check that a statement stands in the answer of its turn, after those before it."""
        while tenure.stated and tenure.stated[0] != event.source:
            tenure.stated.pop(0)
        if not tenure.stated:
            raise UsageError(
                f"the log says that g{event.generation}-t{event.tenure} stated `{excerpt(event.source, 60)}` in turn "
                f"{event.turn}, and its answer does not: the log was made up or changed"
            )
        tenure.stated.pop(0)

    def _see(self, number: int, names: Mapping[str, str]) -> None:
        tenure = self._tenures[number]
        seen = {name: self._key(key) for name, key in names.items()}
        tenure.names |= seen
        tenure.read.update(seen.values())

    def _statement(self, event: Judged | Intervened, tenure: _Tenure) -> Statement | None:
        definitions = tenure.definitions
        try:
            if event.key:
                called = {name: self._key(key) for name, key in event.rests_on.items()}
                there = {name: definitions[key] for name, key in called.items() if key in definitions}
                statement = self._reader.reread(event.source, there)
            else:
                scope = tenure.scope(self._task.given)
                statement = self._reader.read(event.source, scope, self._task.statement_size)
        except NotationError:
            return None
        if isinstance(statement, Definition):
            # A name that means something else to the tenure can't be defined anew.
            if not event.key and tenure.names.get(statement.name, statement.key) != statement.key:
                return None
            if event.key and event.key != statement.key:
                self._keys[event.key] = statement.key
            tenure.own.setdefault(statement.key, statement)
            tenure.names[statement.name] = statement.key
        return statement

    async def _examined(
        self, block: LogBlock, read: Mapping[int, Statement | None]
    ) -> dict[tuple[str, str], Examination]:
        """(key, source) -> examination, for each statement once, side by side."""
        each: dict[tuple[str, str], tuple[Statement, _Tenure]] = {}
        for at, statement in read.items():
            if statement is not None:
                tenure = self._tenures[block.events[at].event.tenure]
                each.setdefault((statement.key, statement.source), (statement, tenure))
        asked = (self._judge.examine(statement, tenure.definitions) for statement, tenure in each.values())
        return dict(zip(each, await asyncio.gather(*asked), strict=True))

    # --- writing -----------------------------------------------------------------------------------------------------

    def _rewritten(
        self,
        event: AnyEvent,
        at: int,
        read: Mapping[int, Statement | None],
        found: Mapping[tuple[str, str], Examination],
    ) -> Iterable[AnyEvent]:
        """The events that stand in the place of a logged one."""
        match event:
            case TrialStarted():
                return (self._start,)
            case Judged():
                statement = read[at]
                self.statements += 1
                return self._judged(
                    event, statement, None if statement is None else found[statement.key, statement.source]
                )
            case Intervened():
                statement = read[at]
                self.statements += 1
                now = (
                    _lost(event)
                    if statement is None
                    else intervened(event, statement, found[statement.key, statement.source])
                )
                self._compare(event, now)
                return (now.model_copy(update={"original": self._key(event.original)}),)
            case Credited() | LawCredited() | Explained():
                return ()  # they follow from what is judged
            case CharterKept() if event.place in self._charters.placed:
                lived = {
                    each.tenure: [one for one in self._written if one.tenure == each.tenure] for each in event.tenures
                }
                return (self._charters.kept_at(event.place, event.generation, lived, self._state.store.notes),)
            case GenerationEnded():
                there = {self._key(key) for key in event.readable} & self._state.store.definitions.keys()
                return (self.scores.end_of_generation(event.model_copy(update={"readable": tuple(sorted(there))})),)
            case TrialEnded():
                return (event.model_copy(update={"auc": self.scores.auc}),)
            case _:
                return (self._with_keys(event),)

    def _judged(self, event: Judged, statement: Statement | None, found: Examination | None) -> Iterable[AnyEvent]:
        place = {"generation": event.generation, "tenure": event.tenure, "turn": event.turn}
        if statement is None or found is None:
            now = event if not event.key else _unreadable(event)
            self._compare(event, now)
            return (now,)
        told = {name: getattr(event, name) for name in TOLD} | place
        now = judged(event.source, statement, found, None).model_copy(update=told)
        self._compare(event, now)
        tenure = self._tenures[event.tenure]
        earned: list[AnyEvent] = []
        prerequisites = self._theory.prerequisites
        for credit in earnings(statement, found, tenure.credit, tenure.readable, prerequisites, self._numbers):
            placed = credit.model_copy(update=place)
            if isinstance(placed, Credited):
                first = placed.concept not in self.scores.found.established
                first = first and all(getattr(one, "concept", "") != placed.concept for one in earned)
                placed = placed.model_copy(update={"first": first})
            if not isinstance(placed, LawCredited):
                tenure.credit.apply(placed)
            earned.append(placed)
        return (now, *earned)

    def _compare(self, before: Judged | Intervened, now: Judged | Intervened) -> None:
        if before.status != now.status:
            words = now.name or before.name or " ".join(before.source.split())[:60]
            self.changed.append(
                Rejudged(before.generation, before.tenure, before.turn, words, before.status, now.status)
            )

    def _key(self, logged: str) -> str:
        return self._keys.get(logged, logged)

    def _with_keys(self, event: AnyEvent) -> AnyEvent:
        """The event with the keys that its definitions have now."""
        if not self._keys:
            return event
        update: dict[str, Any]
        match event:
            case NotesShown():
                update = {
                    "readable": tuple(sorted(map(self._key, event.readable))),
                    "names": self._named(event.names),
                    "remembered": self._named(event.remembered),
                    "withheld": tuple(sorted(map(self._key, event.withheld))),
                }
            case HandedOn():
                messages = (each.model_copy(update={"names": self._named(each.names)}) for each in event.messages)
                update = {"messages": tuple(messages)}
            case StatusTold():
                update = {"key": self._key(event.key)}
            case NoteOpened():
                update = {"names": self._named(event.names), "called": self._named(event.called)}
            case NoteChanged():
                update = {
                    "rests_on": self._named(event.rests_on),
                    "statements": tuple(map(self._key, event.statements)),
                }
            case Acted(data=StatementData() as data):
                update = {"data": data.model_copy(update={"key": self._key(data.key)})}
            case _:
                return event
        return event.model_copy(update=update)

    def _named(self, keys: Mapping[str, str]) -> dict[str, str]:
        return {name: self._key(key) for name, key in keys.items()}


def _stated(answered: Answered) -> list[str]:
    """Sources of the statements in an answer, in order; none if the turn was lost."""
    if answered.fault:
        return []
    try:
        read = read_actions(answered.allowed_text, (), cut=answered.is_cut).actions
    except ModelFault:
        return []
    return [action.source for action in read if isinstance(action, State)]


def _lost(event: Intervened) -> Intervened:
    """What a control stated, and this version of relay can't read any more."""
    return event.model_copy(
        update={"key": "", "status": Status.ILL_FORMED.value, "message": UNREADABLE, "concepts": ()}
    )


def _unreadable(event: Judged) -> Judged:
    """A statement that this version of relay can't read any more."""
    return Judged(
        generation=event.generation,
        tenure=event.tenure,
        turn=event.turn,
        source=event.source,
        status=Status.ILL_FORMED.value,
        message=UNREADABLE,
        **{name: getattr(event, name) for name in TOLD},
    )
