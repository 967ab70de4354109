"""The next turn of a tenure, as a pure function of its state: live, on resume and when a trial is read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from relay.records.budget import Spent
from relay.researcher.observation import TenureView
from relay.trial.allowance import Horizon
from relay.trial.asking import prompt_tokens
from relay.trial.charging import Asked
from relay.trial.setup import SLACK, TrialSetup

__all__ = ["Standing", "TurnAhead", "turn_ahead"]

LONGEST = "context"
"""The part of the budget that is told in the most words."""


class Standing(Protocol):
    """Where a tenure stands, as far as its next turn depends on it."""

    @property
    def spent(self) -> Spent:
        """What the tenure has spent."""

    @property
    def summarised(self) -> bool:
        """Whether its latest answer was requested as a summary."""

    @property
    def wants_to_end(self) -> bool:
        """Whether its researcher has ended it."""

    def view(self) -> TenureView:
        """Everything that the researcher may know."""


@dataclass(frozen=True)
class TurnAhead:
    """The next turn, if the tenure has one."""

    view: TenureView
    prompt: int = 0
    """Tokens of the view as a prompt; 0 if no further answer is requested."""
    horizon: Horizon = field(default=Horizon(0, ""))
    """How many turns there are, this one included."""

    staying: int | None = None
    """Tokens of the prompt that never leave it; None: all of them."""
    growing: bool = False
    """Whether the next prompt has to have room for all of this one."""
    full: bool = False
    """Whether turns have to leave the prompt before it is sent."""

    @property
    def asked(self) -> Asked:
        """What its answer is requested with."""
        return Asked(
            prompt=self.prompt,
            most=self.view.answer_room or 0,
            following=self.horizon.following,
            staying=self.staying,
            growing=self.growing,
            summary=self.view.summary,
        )


def turn_ahead(setup: TrialSetup, state: Standing, told: Horizon | None, *, forgets: bool = False) -> TurnAhead:
    """The view of the next turn, its prompt's tokens, and how many turns there are. `told`: what the latest prompt said
    about the number of turns; None before the first. `forgets`: whether turns leave the prompt when it is full.

    What a prompt announces is part of it and counted too. If no further answer is requested, no tokens are counted,
    because counting takes a noticeable part of a turn's time.
    """
    view, agent = state.view(), setup.agent
    if state.wants_to_end or (told is not None and told.last):
        return TurnAhead(view)

    def tokens(view: TenureView) -> int:
        return prompt_tokens(agent, view)

    allowance = setup.allowance(state.spent)
    # Until they are known, numbers stand in the view that are as long as any.
    most = allowance.budget.context
    view = _saying(view, Horizon(allowance.remaining.turns, LONGEST), most, most)
    staying: int | None = None
    if forgets:
        gone = view.gone.model_copy(update={"turns": allowance.budget.turns})
        staying = tokens(view.model_copy(update={"turns": (), "gone": gone}))
        allowance = setup.allowance(state.spent, staying)
    prompt = tokens(view)
    # A person sees the clock and may use it up.
    horizon = allowance.horizon(prompt, clock=not agent.interactive)
    if told is not None and told.turns == 2:  # this turn was announced as the last
        horizon = Horizon(1, told.part)
    if horizon.turns <= 2:
        prompt = tokens(_saying(view, horizon, most, most))
    full = forgets and bool(view.turns) and allowance.is_full(prompt, horizon.turns)
    # not in the last turns, and not again if the summary before was lost
    if full and setup.memory.summarises and horizon.turns > 2 and not state.summarised:
        asking = _saying(view, horizon, most, most).model_copy(update={"summary": True})
        longer = tokens(asking)
        room = allowance.summary(longer + SLACK, horizon.following)
        if room >= allowance.modest:
            asking = _saying(asking, horizon, room, max(most - longer, 0))
            return TurnAhead(asking, tokens(asking), horizon, staying)
    growing = setup.memory.summarises and not full
    allowance = setup.allowance(state.spent, staying, growing)
    room = max(allowance.asked(prompt + SLACK, horizon.following), 1)
    view = _saying(view, horizon, room, max(most - prompt, 0))
    return TurnAhead(view, tokens(view), horizon, staying, growing, full and len(view.turns) > 1)


def _saying(view: TenureView, horizon: Horizon, room: int, context: int) -> TenureView:
    """The view with the turns that are left, the tokens that the next answer may have, and those that the context has
    beside the prompt."""
    told = {"last": horizon.last, "turns_left": horizon.turns, "answer_room": room, "context_left": context}
    return view.model_copy(update={**told, "limited_by": "" if horizon.part == "turns" else horizon.part})
