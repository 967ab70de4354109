"""The state of one tenure as a fold over its own events; the same fold live and on resume."""

from __future__ import annotations

from collections.abc import Mapping

from relay.notation.statement_reader import StatementReader
from relay.records.budget import Spent
from relay.records.events import (
    SUMMARY,
    Acted,
    Answered,
    AnyEvent,
    Credited,
    Explained,
    Judged,
    NoteChanged,
    NoteOpened,
    TenureEnded,
    TurnsGone,
)
from relay.records.measures import TenureTally
from relay.records.reply_data import StatementData
from relay.records.status import Status
from relay.researcher.observation import TenureView
from relay.trial.event_meaning import told
from relay.trial.notes_in_reach import NotesInReach
from relay.trial.opening import Opening
from relay.trial.statement_knowledge import StatementKnowledge
from relay.trial.symbol_table import SymbolTable
from relay.trial.tenure_credit import TenureCredit
from relay.trial.turn_history import TurnHistory

__all__ = ["TenureState"]


class TenureState:
    """What a tenure has read, done, learned and spent."""

    def __init__(self, opening: Opening, reader: StatementReader, forms: Mapping[str, frozenset[str]]) -> None:
        """`forms`: key of a definition -> concepts that it is a form of, as at the start of the generation."""
        self._observation = opening.observation
        self.history = TurnHistory()
        self.symbols = SymbolTable(opening, reader)
        self.reach = NotesInReach(opening)
        self.statements = StatementKnowledge()
        self.credit = TenureCredit(forms)
        # what can only be found by a search is not handed to anybody, and no log names it
        handed = (opening.notes[ref.id] for ref in (*opening.shown.notes, *opening.shown.listed))
        inherited = {key for note in handed for key in note.defines.values()}
        self.tally = TenureTally(inherited.union(opening.names.values()))
        """What the tenure has spent."""
        self.ended: str | None = None
        """Why the tenure has ended; None while it runs."""
        self.wants_to_end = False
        self.summarised = False
        """Whether the latest answer was requested as a summary."""
        for ref in opening.shown.notes:
            self.statements.read(self.reach.take_in(ref.id))

    @property
    def spent(self) -> Spent:
        """What the tenure has spent of its budget."""
        return self.tally.spent

    def apply(self, event: AnyEvent) -> None:
        """Change the state by one event of the tenure."""
        self.tally.apply(event)
        if isinstance(event, Answered):
            self.history.answer(event.allowed_text)
            self.summarised = event.purpose == SUMMARY
        if (reply := told(event)) is not None:
            self.history.reply(reply)
        match event:
            case Judged():
                self._judge(event)
            case Acted():
                self._act(event)
            case NoteChanged():
                self.reach.change(event)
            case NoteOpened():
                if event.part is None:
                    self.statements.read(self.reach.take_in(event.note.id))
                self.symbols.read(event)
            case Credited() | Explained():
                self.credit.apply(event)
            case TurnsGone():
                self.history.drop(event.count)
            case TenureEnded():
                self.ended = event.reason
            case _:
                pass

    def _judge(self, event: Judged) -> None:
        if not event.key:  # an ill-formed statement has no key
            return
        self.statements.state(event)
        if event.kind != "claim" and event.status == Status.DEFINED:
            self.symbols.define(event)

    def _act(self, event: Acted) -> None:
        if isinstance(event.data, StatementData) and event.data.explained is not None:
            self.statements.explain(event.data.key, event.data.explained)
        self.wants_to_end = self.wants_to_end or (event.action["action"] == "end" and event.ok)

    # --- what follows from it --------------------------------------------------------------------------------------

    def view(self) -> TenureView:
        """Everything that the researcher may know."""
        history = self.history
        return TenureView(observation=self._observation, turns=history.turns, gone=history.gone, spent=self.spent)
