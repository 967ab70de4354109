"""Carries out the actions of one answer, in order.

Of an answer that was cut, the whole actions are carried out, and the cut is told. An action that needs what an earlier
one failed to define is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from relay.errors import ModelFault
from relay.records.events import SUMMARY, TOO_LONG, Acted, Answered, AnyEvent, Cut, Fault, TurnsGone
from relay.researcher.actions import Action
from relay.researcher.answers import BadAction, estimated_actions, read_actions
from relay.schemes.outside import Outside
from relay.scoring.judge import Judge
from relay.trial.action_executor import ActionExecutor
from relay.trial.charging import Asked
from relay.trial.reply_room import ReplyRoom
from relay.trial.setup import TrialSetup
from relay.trial.tenure_log import Emit
from relay.trial.tenure_state import TenureState
from relay.trial.undefined_names import UndefinedNames

__all__ = ["AnswerExecutor"]


@dataclass(frozen=True)
class AnswerExecutor:
    """Carries out the answers of one tenure. It has no state of its own."""

    setup: TrialSetup
    state: TenureState
    judge: Judge
    outside: Outside
    emit: Emit
    place: tuple[int, int]
    """Generation and tenure."""

    async def carry_out(self, answered: Answered, asked: Asked) -> None:
        """Carry out an answer, up to `end`, and emit its events. The answer was charged already; it was requested with
        `asked`."""
        said = self.setup.count_said(answered.allowed_text)
        allowance = self.setup.allowance(self.state.spent, asked.staying, asked.growing)
        room = ReplyRoom(allowance.replies(asked.prompt, said, asked.following), self.setup.count)
        undefined = UndefinedNames(self.setup.reader, self.setup.task.statement_size)

        def emit(*events: AnyEvent) -> None:
            fitted = [room.fitted(event) for event in events]
            self.emit(*fitted)
            for event in fitted:
                if isinstance(event, Acted):
                    undefined.follow(event)

        if answered.fault:
            # an empty summary may have ended as it should
            kind = "malformed" if answered.finish_reason == "stop" else answered.finish_reason
            emit(Fault(side="model", kind=kind, message=answered.fault))
            return
        if answered.purpose == SUMMARY:
            if before := len(self.state.history.turns) - 1:
                emit(TurnsGone(count=before))
            return
        try:
            actions, cut = self._read(answered)
        except ModelFault as error:
            emit(Fault(side="model", kind="malformed", message=str(error)))
            return
        executor = ActionExecutor(self.setup, self.state, self.judge, self.outside, emit, self.place, room)
        for action in actions:
            needs = ""
            if undefined and not isinstance(action, BadAction):
                needs = undefined.needed_by(action, self.setup.seeing(self.state.symbols.scope))
            if needs:
                emit(Acted(action=action.model_dump(mode="json"), ok=False, reply="", needs=needs))
            else:
                await executor.carry_out(action)
            if self.state.wants_to_end:
                return
        if cut is not None:
            emit(cut)

    def _read(self, answered: Answered) -> tuple[list[Action], Cut | None]:
        """The whole actions of an answer, and what was cut of it. Raises `ModelFault` if there are none."""
        read = read_actions(answered.allowed_text, self.setup.notes.actions, cut=answered.is_cut)
        if read.whole:
            return read.actions, None
        # Only of an answer that exceeded its allowance is the end known.
        about = max(estimated_actions(answered.text), len(read.actions)) if answered.finish_reason == TOO_LONG else None
        return read.actions, Cut(whole=len(read.actions), about=about)
