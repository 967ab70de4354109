"""Carries out one action of a tenure: its cost, its effects, and the reply to the researcher.

No reply depends on credit, on other tenures, or on anything that this tenure can't read. Costs are checked before
anything is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from relay.errors import NotationError
from relay.notation import read_term
from relay.records.events import Acted, NoteChanged
from relay.records.reply_data import FoundData, NoteData, StatementData, ValueData
from relay.records.status import REFUSED
from relay.researcher.actions import Action, End, Evaluate, Match, Purpose, State, note_action, written
from relay.researcher.answers import BadAction
from relay.schemes.notes.linking import close_fences
from relay.schemes.notes.scheme import FoundNotes, Opened, Refused, Several, Written
from relay.schemes.outside import Outside
from relay.scoring.judge import Judge, PublicValue
from relay.text import excerpt
from relay.trial.allowance import Allowance
from relay.trial.asking import carried_out
from relay.trial.match_executor import MatchExecutor
from relay.trial.opened_note import OpenedNote
from relay.trial.replies import NOTHING_LEFT, acted, joint, of_price, of_refusal
from relay.trial.reply_room import ReplyRoom
from relay.trial.setup import TrialSetup
from relay.trial.statement_executor import StatementExecutor
from relay.trial.tenure_log import Emit
from relay.trial.tenure_note_place import TenureNotePlace
from relay.trial.tenure_state import TenureState

__all__ = ["ActionExecutor"]

LONGEST_VALUE = 2_000
"""Most characters of a value in a reply. Longer values are cut: they would fill the researcher's context."""


READING = frozenset({Purpose.OPEN, Purpose.FIND})
"""Purposes of the actions that only read notes."""

UNSHOWN = "({} more found; there is no room for them in this turn.)"


@dataclass(frozen=True)
class ActionExecutor:
    """Carries out the actions of one tenure. It has no state of its own: the tenure's state is the fold of the emitted
    events."""

    setup: TrialSetup
    state: TenureState
    judge: Judge
    outside: Outside
    emit: Emit
    place: tuple[int, int]
    """Generation and tenure."""
    room: ReplyRoom
    """What may still be said in reply to this answer."""

    async def carry_out(self, action: Action) -> None:
        """Carry out an action and emit its events. The reply (`Acted`) comes last."""
        match action:
            case BadAction(action=name, problem=problem):
                self.emit(Acted(action={"action": name}, ok=False, reply=problem, unusable=True))
            # before the cases that spend an evaluation
            case State() | Evaluate() | Match() if self._allowance.remaining.evaluations < 1:
                self.emit(acted(action, False, NOTHING_LEFT))
            case State():
                await self._stated(action, await self._statements.carry_out(action))
            case Evaluate():
                await self._evaluate(action)
            case Match():
                await self._matches.carry_out(action)
            case End():
                self.emit(acted(action, True, "You have ended your time."))
            case _:
                await self._note(action)

    @cached_property
    def _statements(self) -> StatementExecutor:
        return StatementExecutor(self.setup, self.state, self.judge, self.outside, self.emit, self.place)

    @cached_property
    def _matches(self) -> MatchExecutor:
        return MatchExecutor(self.setup, self.state, self.judge, self.emit)

    @property
    def author(self) -> str:
        """Author of the notes that the tenure writes: `gG-tT`."""
        return "g{}-t{}".format(*self.place)

    @property
    def id_prefix(self) -> str:
        """Prefix of the ids of these notes: `G.T.`."""
        return "{}.{}.".format(*self.place)

    @property
    def _allowance(self) -> Allowance:
        return self.setup.allowance(self.state.spent)

    async def _evaluate(self, action: Evaluate) -> None:
        symbols = self.state.symbols
        try:
            scope = self.setup.seeing(symbols.scope)
            term = read_term(action.term, scope, statement_size=self.setup.task.statement_size)
        except NotationError as error:
            self.emit(acted(action, False, f"ill_formed: {error}", evaluations=1))
            return
        left = self._allowance.remaining.evaluations
        price = await self.judge.price("evaluate", term, symbols.definitions, left)
        if price.refused:
            self.emit(acted(action, False, of_refusal(price, left), evaluations=price.evaluations))
            return
        if price.by_machine:
            found = PublicValue(text=f"no value (its process failed: {price.by_machine})", by_machine=True)
        else:
            found = await self.judge.evaluate(term, symbols.definitions)
        value = found.text
        if len(value) > LONGEST_VALUE:
            value = f"{excerpt(value, LONGEST_VALUE)} ... (the first {LONGEST_VALUE} of {len(value)} characters)"
        data = ValueData(by_machine=found.by_machine)
        told = value if found.by_machine else of_price(value, price.evaluations, "\n")
        self.emit(acted(action, True, told, data, evaluations=price.evaluations))

    # --- notes -----------------------------------------------------------------------------------------------------

    async def _stated(self, action: State, reply: Acted) -> None:
        """Emit the reply to a statement, after writing the statement into the notes if the action says so."""
        data = reply.data
        if not (action.record and isinstance(data, StatementData)):
            self.emit(reply)
            return
        kinds = {note_action(kind).name: kind for kind in self.setup.notes.actions}
        fields = written([note_action(kind) for kind in kinds.values()], action.source, action.remark)
        if data.status in REFUSED:
            told = "It is not recorded, since it was refused."
        elif fields is None:
            told = "It is not recorded: there are no notes."
        else:
            explained = {} if data.explained is None else {data.key: data.explained}
            place = TenureNotePlace(self.setup, self.state, self.id_prefix, explained, own=True)
            writing = kinds[fields["action"]].model_validate(fields)
            outcome = await carried_out(self.setup.notes, writing, place, self.outside)
            told = outcome.reply if isinstance(outcome, Written | Refused) else "It is not recorded."
            if isinstance(outcome, Written):
                self.emit(self._changed(outcome))
                data = data.model_copy(update={"note": outcome.id})
        self.emit(reply.model_copy(update={"reply": f"{reply.reply}{joint(reply.reply)}{told}", "data": data}))

    async def _note(self, action: Action) -> None:
        """Carry out an action of the note scheme. Notes of another trial can be read, and to whatever else an action
        does they are not there: so a scheme refuses to change them in words of its own."""
        place = TenureNotePlace(self.setup, self.state, self.id_prefix, own=action.purpose not in READING)
        match await carried_out(self.setup.notes, action, place, self.outside):
            case Refused(reply=reply):
                self.emit(acted(action, False, reply))
            case Written(reply=reply) as one:
                self.emit(self._changed(one))
                self.emit(acted(action, True, reply, NoteData(id=one.id)))
            case Several(written=several, reply=reply):
                self.emit(*map(self._changed, several))
                first, *more = (one.id for one in several)
                self.emit(acted(action, True, reply, NoteData(id=first, more=tuple(more))))
            case Opened() as one:
                self._open(action, one)
            case FoundNotes() as found:
                self._show(action, found)

    def _changed(self, change: Written) -> NoteChanged:
        """The event of a change. Its `applied` is False: changes are merged into the store only when the
        generation ends."""
        return NoteChanged(
            id=change.id,
            version=change.version,
            author=self.author,
            text=close_fences(change.text),
            parents=change.parents,
            rests_on=dict(change.linked.rests_on),
            statements=change.linked.statements,
            sure=change.sure,
            explains=change.linked.explains,
            data=dict(change.data),
            applied=False,
        )

    def _open(self, action: Action, one: Opened) -> None:
        """Show a note, or a part of it, if it fits into the remaining context. Names in it are rewritten, so that each
        name has one meaning for this tenure."""
        opened = OpenedNote.of(one, self.state.symbols.labels)
        tokens = self.setup.count(opened.text)
        if not self.room.has(opened.reply):
            part = "" if one.lines is None else f", lines {one.lines[0]} to {one.lines[1]},"
            reply = f"Entry {one.note.id}{part} has {tokens} tokens, more than you have left to read in this turn."
            self.emit(acted(action, False, reply))
            return
        self.emit(opened.event(tokens))
        self.emit(opened.acted(action))

    def _show(self, action: Action, found: FoundNotes) -> None:
        """Show what a search found, one note after the other, as many as fit into the remaining context."""
        labels = dict(self.state.symbols.labels)
        text, opened = found.reply, list[OpenedNote]()
        for note in found.notes:
            one = OpenedNote.of(Opened(note), labels)
            if not self.room.has(f"{text}\n\n{one.reply}\n\n{UNSHOWN.format(len(found.notes))}"):
                break
            labels.update(one.called | one.names)
            text = f"{text}\n\n{one.reply}"
            opened.append(one)
        if len(opened) < len(found.notes):
            text = f"{text}\n\n{UNSHOWN.format(len(found.notes) - len(opened))}"
        self.emit(*(one.event(self.setup.count(one.text)) for one in opened))
        data = FoundData(opened=tuple(one.data for one in opened)) if opened else None
        self.emit(acted(action, bool(opened), text, data))
