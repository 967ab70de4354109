"""Carrying out one action of a tenure: what it costs, what it changes, and what the researcher is told of it.

Nothing that is told depends on credit, on other tenures, or on anything that this tenure can't read. Costs are checked
before anything is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from relay.checker.verdict import Verdict
from relay.errors import NotationError
from relay.notation import print_type, read_term, rename_calls
from relay.notation.syntax import Definition, Statement
from relay.records.events import Acted, AnyEvent, Credited, Explained, Judged, LawCredited, NoteChanged, NoteOpened
from relay.records.status import Status
from relay.researcher.actions import Action, Evaluate
from relay.researcher.actions import End as EndAction
from relay.researcher.actions import State as StateAction
from relay.researcher.answers import BadAction
from relay.researcher.tokens import Counter
from relay.schemes.notes.linking import close_fences, link
from relay.schemes.notes.naming import Naming
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Linked, Opened, Refused, Written
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge
from relay.text import excerpt
from relay.trial.allowance import Allowance
from relay.trial.setup import TrialSetup
from relay.trial.tenure_state import TenureState

__all__ = ["ActionExecutor"]

Emit = Callable[[AnyEvent], None]
"""Writes one event and applies it."""

NOTHING_LEFT = "Nothing was done: no evaluations are left."

LONGEST_VALUE = 2_000
"""Characters of a value that are told; what is longer would fill the researcher's context."""


@dataclass(frozen=True)
class ActionExecutor:
    """What carries out the actions of one tenure. It keeps nothing: the tenure's life is the fold of what it emits."""

    setting: TrialSetup
    life: TenureState
    judge: Judge
    emit: Emit
    author: str
    id_prefix: str

    async def carry_out(self, action: Action) -> None:
        """Do it, and emit what happened, the reply last."""
        match action:
            case BadAction(action=name, problem=problem):
                self.emit(Acted(action={"action": name}, ok=False, reply=problem))
            case StateAction(source=source):
                await self._state(action, source)
            case Evaluate(term=term):
                await self._evaluate(action, term)
            case EndAction():
                self._reply(action, True, "You have ended your time.")
            case _:
                self._note(action)

    def _reply(self, action: Action, ok: bool, reply: str, evaluations: int = 0, **data: Any) -> None:
        self.emit(Acted(action=action.model_dump(mode="json"), ok=ok, reply=reply, data=data, evaluations=evaluations))

    # --- statements ------------------------------------------------------------------------------------------------

    async def _state(self, action: Action, source: str) -> None:
        if self.life.left(self.setting.budget) < 1:
            self._reply(action, False, NOTHING_LEFT)
            return
        try:
            statement = self.setting.reader.read(source, self.life.scope, self.setting.task.statement_size)
        except NotationError as error:
            self._refuse(action, source, str(error))
            return
        taken = self.life.names.get(statement.name or "")
        if isinstance(statement, Definition) and taken not in (None, statement.key):
            problem = f"the name `{statement.name}` already means another definition to you; choose another name"
            self._refuse(action, source, problem)
            return
        found = await self.judge.examine(statement, self.life.definitions)
        told = self._told(statement, found.verdict)
        self.emit(
            Judged(
                key=statement.key,
                kind=_kind(statement),
                name=statement.name or "",
                source=source,
                rests_on=dict(statement.rests_on),
                status=found.verdict.status.value,
                scope=found.verdict.scope,
                message=found.verdict.message,
                counterexample=found.verdict.counterexample,
                told=told.status.value if told else None,
            )
        )
        explained = self._credit(statement, found)
        self._answer(action, statement, told, self.setting.truth.of_phenomena(explained))

    def _refuse(self, action: Action, source: str, problem: str) -> None:
        """What is not in the language costs an evaluation too, and is always told."""
        status = Status.ILL_FORMED.value
        self.emit(Judged(source=source, status=status, message=problem, told=status))
        self._reply(action, False, f"ill_formed: {problem}", status=status)

    def _told(self, statement: Statement, verdict: Verdict) -> Verdict | None:
        if isinstance(statement, Definition) or verdict.status is Status.ILL_FORMED:
            return verdict
        return self.setting.truth.of_claim(verdict)

    def _credit(self, statement: Statement, found: Examination) -> tuple[int, ...]:
        """Log what it earned, which is never told; returns the numbers of the phenomena that it explains."""
        key = statement.key
        if not isinstance(statement, Definition):
            if found.verdict.status.accepted:
                for law in sorted(found.laws):
                    self.emit(LawCredited(key=key, law=law))
            return ()
        if found.verdict.status is not Status.DEFINED:
            return ()
        known = self.life.concepts() | set(found.concepts)
        for concept in sorted(found.concepts):
            leap = not self.setting.theory.prerequisites[concept] <= known
            if self.life.credited.get((key, concept), not leap) != leap:  # a leap may turn into none, once
                self.emit(Credited(key=key, concept=concept, leap=leap, first=False))
        explained = tuple(sorted(self.setting.numbers[id] for id in found.explained))
        for number in explained:
            if (key, number) not in self.life.explained:
                self.emit(Explained(key=key, phenomenon=number))
        return explained

    def _answer(
        self, action: Action, statement: Statement, told: Verdict | None, explained: tuple[int, ...] | None
    ) -> None:
        data: dict[str, Any] = {"name": statement.name or "", "kind": _kind(statement), "key": statement.key}
        if told is not None:
            data["status"] = told.status.value
        if not isinstance(statement, Definition):
            words = _words(told) if told else "The claim is well formed and has been noted; its status is not told."
            self._reply(action, told is None or told.status is not Status.ILL_FORMED, words, **data)
            return
        if told is None or told.status is not Status.DEFINED:
            self._reply(action, False, _words(told) if told else "", **data)
            return
        words = f"defined: {_signature(statement)}."
        if explained is not None and self.setting.phenomena:
            data["explained"] = list(explained)
            which = ", ".join(map(str, explained)) if explained else "none of the phenomena"
            words += f" It explains {'phenomenon ' if explained else ''}{which}."
        self._reply(action, True, words, **data)

    # --- values ----------------------------------------------------------------------------------------------------

    async def _evaluate(self, action: Action, source: str) -> None:
        if self.life.left(self.setting.budget) < 1:
            self._reply(action, False, NOTHING_LEFT)
            return
        try:
            term = read_term(source, self.life.scope)
        except NotationError as error:
            self._reply(action, False, f"ill_formed: {error}", evaluations=1)
            return
        value = await self.judge.evaluate(term, self.life.definitions)
        if len(value) > LONGEST_VALUE:
            value = f"{excerpt(value, LONGEST_VALUE)} ... (the first {LONGEST_VALUE} of {len(value)} characters)"
        self._reply(action, True, value, evaluations=1)

    # --- notes -----------------------------------------------------------------------------------------------------

    def _note(self, action: Action) -> None:
        match self.setting.notes.apply(action, _Place(self)):
            case Refused(reply=reply):
                self._reply(action, False, reply)
            case Written() as written:
                text = close_fences(written.text)
                self.emit(
                    NoteChanged(
                        id=written.id,
                        version=written.version,
                        author=self.author,
                        text=text,
                        parents=written.parents,
                        rests_on=dict(written.linked.rests_on),
                        statements=written.linked.statements,
                        sure=written.sure,
                        data=dict(written.data),
                        applied=False,
                    )
                )
                self._reply(action, True, written.reply, id=written.id)
            case Opened(note=note):
                naming = Naming(self.life.labels)
                naming.avoid(note.text)
                names = {naming.label(spelt, key): key for spelt, key in note.defines.items()}
                text = naming.rewrite(note.text, note)
                tokens = self.setting.count(text)
                if tokens > self._room():
                    self._reply(action, False, f"Entry {note.id} has {tokens} tokens, more than you have left to read.")
                    return
                names = dict(sorted(names.items()))
                called = {naming.label(spelt, key): key for spelt, key in sorted(note.rests_on.items())}
                called = {name: key for name, key in called.items() if name not in names}
                self.emit(NoteOpened(note=note.ref, tokens=tokens, names=names, called=called))
                self._reply(action, True, f"Entry {note.id}:\n{text}", text=text)

    def _room(self) -> int:
        """Tokens that may still be read: what comes back must fit into the next prompt."""
        setting, agent = self.setting, self.setting.agent
        prompt = agent.count(agent.messages(self.life.view()))
        return Allowance(setting.budget, self.life.spent, setting.condition.prices).readable(prompt)


@dataclass(frozen=True)
class _Place:
    """A tenure as its note scheme sees it."""

    acting: ActionExecutor

    @property
    def notes(self) -> dict[str, Note]:
        return self.acting.life.notes

    @property
    def read(self) -> set[str]:
        return self.acting.life.notes_read

    @property
    def count(self) -> Counter:
        return self.acting.setting.count

    def link(self, text: str) -> Linked:
        life = self.acting.life
        return link(text, self.acting.setting.reader, life.linkable(), life.definitions, life.told)

    def source(self, name: str) -> str | None:
        life = self.acting.life
        key = life.linkable().get(name)
        if key is None:
            return life.claims.get(name)
        naming = Naming(life.labels)
        definition = life.definitions[key]
        renamed = {spelt: naming.label(spelt, below) for spelt, below in definition.rests_on}
        return rename_calls(definition.source, {**renamed, definition.name: name})

    def fresh_id(self) -> str:
        written = sum(change.version == 1 for change in self.acting.life.changes)
        return f"{self.acting.id_prefix}{written + 1}"


def _kind(statement: Statement) -> str:
    return "define" if isinstance(statement, Definition) else "claim"


def _words(verdict: Verdict) -> str:
    status = verdict.status.value
    words = verdict.message if verdict.message.startswith(status) else f"{status}: {verdict.message}"
    if verdict.counterexample and verdict.counterexample not in verdict.message:
        words += f" {verdict.counterexample}"
    return words


def _signature(definition: Definition) -> str:
    parameters = ", ".join(f"{parameter.name}: {print_type(parameter.type)}" for parameter in definition.parameters)
    return f"{definition.name}({parameters}) -> {print_type(definition.result)}"
