"""What happened in a tenure as data: each turn with its actions, their replies and, on request, their credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from relay.records.consulted import Consulted
from relay.records.events import Acted, Answered, AnyEvent, Credited, Cut, Fault, LawCredited, TurnsGone
from relay.researcher.observation import TenureView
from relay.researcher.prompting import ending, render_replies
from relay.trial.event_meaning import told
from relay.trial.replay import PastTenure, PastTurn
from relay.trial.setup import TrialSetup

__all__ = ["Step", "gone_after", "prompt_data", "replies", "steps", "tenure_data", "told_before"]


@dataclass(frozen=True)
class Step:
    """An action that was carried out or skipped."""

    acted: Acted
    concepts: tuple[str, ...]
    """Concepts that its statement was credited with. Researchers never read them."""
    laws: tuple[str, ...]


def steps(events: Iterable[AnyEvent]) -> list[Step]:
    """The actions of a turn, each with the credit that was logged before its reply."""
    found: list[Step] = []
    concepts: list[str] = []
    laws: list[str] = []
    for event in events:
        match event:
            case Credited():
                concepts.append(event.concept)
            case LawCredited():
                laws.append(event.law)
            case Acted():
                found.append(Step(event, tuple(concepts), tuple(laws)))
                concepts, laws = [], []
            case _:
                pass
    return found


def replies(turn: PastTurn, over: bool) -> str:
    """What the researcher was told after its answer; empty if nothing has come yet. `over`: whether the turn is
    over."""
    read = [reply for event in turn.events if (reply := told(event)) is not None]
    return render_replies(read) if turn.answered is not None and (read or over) else ""


def gone_after(turn: PastTurn) -> int:
    """How many of the oldest turns left the prompt after this one."""
    return sum(event.count for event in turn.events if isinstance(event, TurnsGone))


def told_before(view: TenureView | None) -> str:
    """The end of the prompt before an answer: what was explained and what was left; empty if it is not known."""
    return "" if view is None else ending(view)


def tenure_data(past: PastTenure, *, reveal: bool) -> dict[str, Any]:
    """The data of one tenure for `relay show --transcript --json`. With `reveal`, each action has its credit."""
    shown = past.shown
    return {
        "generation": past.generation,
        "tenure": past.tenure,
        "persona": past.persona or None,
        "shown": {
            "text": past.page,
            "words": list(shown.words),
            "exact": past.exact,
            "notes": [ref.id for ref in shown.notes],
            "listed": [ref.id for ref in shown.listed],
            "dropped": shown.dropped_count,
            "callable": len(shown.readable),
            "messages": [message.model_dump() for message in past.messages],
        },
        "turns": [
            _turn_data(turn, past.ended is not None or turn is not past.turns[-1], reveal) for turn in past.turns
        ],
        "ended": None if past.ended is None else past.ended.reason,
        "spent": None if past.ended is None else past.ended.spent.model_dump(mode="json"),
    }


def _turn_data(turn: PastTurn, over: bool, reveal: bool) -> dict[str, Any]:
    cut = next((event for event in turn.events if isinstance(event, Cut)), None)
    return {
        "turn": turn.number,
        "before": told_before(turn.view) or None,
        "searched": turn.searched,
        "answer": None if turn.answered is None else _answer_data(turn.answered),
        "actions": [_step_data(step, reveal) for step in steps(turn.events)],
        "cut": None if cut is None else {"whole": cut.whole, "about": cut.about},
        "told": replies(turn, over) or None,
        "gone": gone_after(turn),
        "consulted": [_consulted_data(event) for event in turn.events if isinstance(event, Consulted)],
        "faults": [
            {"side": event.side, "kind": event.kind, "message": event.message}
            for event in turn.events
            if isinstance(event, Fault)
        ],
    }


def _answer_data(answered: Answered) -> dict[str, Any]:
    return {
        "text": answered.text,
        "inside": len(answered.allowed_text),
        "reasoning": answered.reasoning,
        "purpose": answered.purpose or None,
        "finish_reason": answered.finish_reason,
        "mended": answered.mended,
        "tokens_in": answered.tokens_in,
        "tokens_out": answered.tokens_out,
        "tokens_cached": answered.tokens_cached,
        "seconds": answered.seconds,
        "money": float(answered.money),
    }


def _consulted_data(event: Consulted) -> dict[str, Any]:
    kept = {"purpose", "by", "text", "reasoning", "tokens_in", "tokens_out", "tokens_cached"}
    return {**event.model_dump(include=kept), "fault": event.fault or None, "money": float(event.money)}


def _step_data(step: Step, reveal: bool) -> dict[str, Any]:
    acted = step.acted
    data = {"action": acted.action, "ok": acted.ok, "reply": acted.reply, "needs": acted.needs or None}
    return {**data, "concepts": list(step.concepts), "laws": list(step.laws)} if reveal else data


def prompt_data(setup: TrialSetup, past: PastTenure) -> dict[str, Any]:
    """The data that `relay show --prompt --json` prints of one tenure, in the words that the researcher read and wrote.
    Precondition: the tenure is exact."""
    turns = []
    for turn in past.turns:
        assert turn.view is not None
        answer = None if turn.answered is None else setup.disguise.swap_answer(turn.answered.text)
        messages = [message.model_dump() for message in setup.agent.messages(turn.view)]
        turns.append({"turn": turn.number, "messages": messages, "answer": answer})
    return {"generation": past.generation, "tenure": past.tenure, "turns": turns}
