"""The next turn of a tenure, as a pure function of its state: live, on resume and when a trial is read again."""

from __future__ import annotations

from dataclasses import dataclass

from relay.researcher.observation import TenureView
from relay.trial.setup import TrialSetup
from relay.trial.tenure_state import TenureState

__all__ = ["TurnAhead", "turn_ahead"]


@dataclass(frozen=True)
class TurnAhead:
    """The next turn, if the tenure has one."""

    view: TenureView
    prompt: int
    """Tokens of the view as a prompt; 0 if no further answer is requested."""
    last: str
    """Name of the part of the budget because of which the turn is the last; empty if it is not the last."""


def turn_ahead(setup: TrialSetup, state: TenureState, announced: str) -> TurnAhead:
    """The view of the next turn, its prompt's tokens, and whether it is the last. `announced`: the `last` of the turn
    before it.

    The announcement of a last turn is part of the prompt and counted too. If no further answer is requested, no tokens
    are counted, because counting takes a noticeable part of a turn's time.
    """
    view, agent = state.view(), setup.agent
    if state.wants_to_end or announced:
        return TurnAhead(view, 0, "")
    prompt = agent.count(agent.messages(view))
    last = setup.allowance(state.spent).last(prompt)
    if last == "seconds" and agent.interactive:  # a person sees the clock and may use it up
        last = ""
    if last:
        view = view.model_copy(update={"last": True})
        prompt = agent.count(agent.messages(view))
    return TurnAhead(view, prompt, last)
