"""The desk of the interventions of a trial: they see the store, and write into it, through it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from relay.errors import NotationError, UsageError
from relay.notation import Scope, fences, mentioned_names, split_statements
from relay.notation.syntax import Definition, Statement
from relay.records.events import AnyEvent, NoteChanged
from relay.records.intervened import CONTROL, Intervened, Role
from relay.records.status import Status
from relay.researcher.actions import Action, NoteAction, note_action, written
from relay.researcher.tokens import Counter
from relay.schemes.notes.linking import KnownStatement, close_fences, link
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Linked, Notes, Written
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge
from relay.seeds import generator
from relay.trial.asking import applied, ask_async, merged_change, told_of_claim, told_phenomena
from relay.trial.interventions.intervention import Examined, Held
from relay.trial.opening import inheritance_room
from relay.trial.readable import readable_keys
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = ["check_interventions", "intervene", "intervened"]


async def intervene(setup: TrialSetup, state: TrialState, judge: Judge, add: Callable[[AnyEvent], None]) -> None:
    """Let every intervention of a trial act, in order, at the end of a generation. `add` applies an event to `state`
    and adds it to the generation's block. Precondition: all changes of notes by the generation are merged."""
    notes: list[str] = []
    for place, intervention in enumerate(setup.interventions, 1):
        await ask_async(intervention, "intervene", Any, _Desk(setup, state, judge, add, place, notes))


def check_interventions(setup: TrialSetup) -> None:
    """Raise `UsageError` if the trial has interventions that could write nothing."""
    if setup.interventions and _writing(setup, "") is None:
        raise UsageError(
            f"the note scheme `{setup.condition.notes.name}` has no action that writes a statement, so "
            f"`{setup.condition.interventions[0].name}` can write nothing; give another --notes, or leave out "
            "--intervention"
        )


def intervened(event: Intervened, statement: Statement, found: Examination) -> Intervened:
    """The event with what the checker says of its statement."""
    return event.model_copy(
        update={
            "key": statement.key,
            "rests_on": dict(statement.rests_on),
            "status": found.verdict.status.value,
            "message": found.verdict.message,
            "concepts": tuple(sorted(found.concepts)),
        }
    )


@dataclass
class _Desk:
    """The desk of one intervention."""

    setup: TrialSetup
    state: TrialState
    judge: Judge
    add: Callable[[AnyEvent], None]
    place: int
    written: list[str]
    """Ids under which notes were written in this generation, by any intervention."""
    own: dict[str, Definition] = field(default_factory=dict)
    """Key -> definition that was examined here."""

    def __post_init__(self) -> None:
        self.generation = self.state.generation + 1
        self.done = self.state.interventions.get(self.place, 0)
        self.rng = generator(self.setup.seed, f"intervention {self.place}", self.generation)
        self.theory = self.setup.theory
        self.given = self.setup.task.given

    @property
    def notes(self) -> Mapping[str, Note]:
        """Id -> note, as the store is now."""
        return self.state.store.notes

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Key -> definition that a note is linked to, or that this intervention has stated."""
        return ChainMap(self.own, self.state.store.definitions)

    @property
    def established(self) -> Collection[str]:
        """Ids of the concepts that researchers have established so far."""
        return self.state.discoveries.established

    def formed(self, keys: Collection[str]) -> frozenset[str]:
        """Ids of the concepts that the definitions `keys` are forms of, as far as they were judged."""
        return frozenset(self.state.discoveries.concepts_of(keys))

    def readable(self) -> frozenset[str]:
        """Keys of the definitions that a successor could call, as the store is now."""
        return readable_keys(self.setup, self.state, self.generation + 1)

    def held(self, note: Note) -> tuple[Held, ...]:
        """The statements of a note, in order."""
        found = []
        for fence in fences(note.text):
            for located in split_statements(fence.body):
                meant = {name: note.rests_on.get(name, "") for name in sorted(mentioned_names(located.source))}
                called = {name: self.definitions[key] for name, key in meant.items() if key in self.definitions}
                try:
                    statement = self.setup.reader.reread(located.source, called)
                except NotationError:
                    continue
                if statement.key in note.statements:
                    found.append(Held(note, located.source, statement))
        return tuple(found)

    async def examined(self, source: str, called: Mapping[str, Definition], *, limited: bool = True) -> Examined | None:
        """Read a statement and have it checked; None if it does not read."""
        size = self.setup.task.statement_size if limited else None
        try:
            statement = self.setup.reader.read(source, Scope(self.given, called), size)
        except NotationError:
            return None
        for definition in called.values():
            self.own.setdefault(definition.key, definition)
        found = await self.judge.examine(statement, ChainMap(self.own, self.state.store.definitions))
        if isinstance(statement, Definition) and found.verdict.status is Status.DEFINED:
            self.own.setdefault(statement.key, statement)
        return Examined(statement, found)

    # --- writing ---------------------------------------------------------------------------------------------------

    def write(self, examined: Examined, role: Role, *, told: bool) -> bool:
        """Write a statement into a note of its own, after logging it; False if the scheme refuses it."""
        source = examined.statement.source
        action = _writing(self.setup, source)
        assert action is not None, "checked before the trial began"
        place = _ControlPlace(self, examined, self._known(examined) if told else KnownStatement())
        outcome = applied(self.setup.notes, action, place)
        if not isinstance(outcome, Written) or examined.statement.key not in outcome.linked.statements:
            return False
        self.written.append(outcome.id)
        change = NoteChanged(
            id=outcome.id,
            version=outcome.version,
            author=CONTROL,
            text=close_fences(outcome.text),
            parents=outcome.parents,
            rests_on=dict(outcome.linked.rests_on),
            statements=outcome.linked.statements,
            sure=outcome.sure,
            explains=outcome.linked.explains,
            data=dict(outcome.data),
        )
        self._log(examined, role, change)
        return True

    def exchange(self, held: Held, examined: Examined, role: Role, *, told: bool) -> None:
        """Put another statement in the place of one in a note."""
        note, new = held.note, examined.statement
        rests_on = {**note.rests_on, **dict(new.rests_on)}
        if isinstance(new, Definition):
            rests_on[new.name] = new.key
        text = note.text.replace(held.source, new.source, 1)
        change = NoteChanged(
            id=note.id,
            version=note.version + 1,
            author=CONTROL,
            text=text,
            parents=(note.ref,),
            rests_on={name: key for name, key in rests_on.items() if name in mentioned_names(text) or name == new.name},
            statements=tuple(new.key if key == held.statement.key else key for key in note.statements),
            sure=note.sure if told else "",
            explains=note.explains if told else (),
            data=note.data,
        )
        self._log(examined, role, change, original=held.statement.key)

    def _log(self, examined: Examined, role: Role, change: NoteChanged, original: str = "") -> None:
        """Log a statement, and then the note that holds it."""
        statement = examined.statement
        merged = merged_change(self.setup.notes, self.notes, change)
        where = {"generation": self.generation}
        event = Intervened(
            by=self.setup.condition.interventions[self.place - 1].name,
            place=self.place,
            role=role,
            kind="define" if isinstance(statement, Definition) else "claim",
            name=statement.name or "",
            source=statement.source,
            original=original,
            note=merged.id,
            status="",
            message="",
            **where,
        )
        self.add(intervened(event, statement, examined.found))
        self.add(merged.model_copy(update=where))

    def _known(self, examined: Examined) -> KnownStatement:
        """What would have been reported of a statement."""
        found, truth = examined.found, self.setup.truth
        if not isinstance(examined.statement, Definition):
            told = told_of_claim(truth, found.verdict)
            return KnownStatement("" if told is None else told.status.value)
        numbers = told_phenomena(truth, tuple(sorted(self.setup.numbers[id] for id in found.explained)))
        return KnownStatement(found.verdict.status.value, numbers or ())


@dataclass(frozen=True)
class _ControlPlace:
    """The `NotePlace` of the control: it has read every note, and states what it writes."""

    desk: _Desk
    examined: Examined
    known: KnownStatement
    """What its note tells of the statement."""

    @property
    def notes(self) -> Notes:
        """All notes."""
        return self.desk.notes

    @property
    def read(self) -> Collection[str]:
        """Ids of all notes."""
        return self.desk.notes.keys()

    @property
    def count(self) -> Counter:
        """Counts the tokens of a text as the agent does."""
        return self.desk.setup.count

    @property
    def number(self) -> int:
        """0: no tenure has this place."""
        return 0

    @property
    def width(self) -> int:
        """The number of tenures in a generation."""
        return self.desk.setup.condition.width

    def reading(self, note: Note) -> str:
        """The text of a note with its own names."""
        return note.text

    def link(self, text: str, of: Note | None = None) -> Linked:
        """The statement in the fences of a text. `of`: the note that the text is a new version of."""
        statement = self.examined.statement
        names = {**(of.rests_on if of else {}), **dict(statement.rests_on)}
        if isinstance(statement, Definition):
            names[statement.name] = statement.key
        known = {statement.key: self.known}
        if of is not None:  # what else the note holds stays what it was
            known |= {key: KnownStatement(of.sure, of.explains) for key in of.statements if key not in known}
        return link(text, self.desk.setup.reader, names, self.desk.definitions, known)

    def source(self, name: str) -> str | None:
        """None: it names no statement."""
        return None

    @property
    def room(self) -> int:
        """Most tokens of the notes that a successor is shown."""
        return inheritance_room(self.desk.setup)

    def fresh_id(self, after: int = 0) -> str:
        """An id that no note has: no tenure has the number 0."""
        return f"{self.desk.generation}.0.{len(self.desk.written) + 1 + after}"


def _writing(setup: TrialSetup, source: str) -> Action | None:
    """The action of the note scheme that writes a statement; None if it has none."""
    kinds = {note_action(kind).name: kind for kind in setup.notes.actions}
    offered: list[NoteAction] = [note_action(kind) for kind in kinds.values()]
    fields = written(offered, source, "")
    return None if fields is None else kinds[fields["action"]].model_validate(fields)
