"""A trial of two generations by a language model, and probes, written and counted by hand.

The task's concepts have depths 1, 1, 2, 2 and 3 (sum 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relay.records.events import (
    Acted,
    Answered,
    AnyEvent,
    Fault,
    GenerationStarted,
    Judged,
    TrialEnded,
)
from relay.records.task import Task
from tests.analysis.builder import credited, ended, toy, write

CONDITION = """\
task: {{name: alien, parameters: {{layers: 2, seed: null}}}}
agent: {{name: {agent}, parameters: {{{parameters}}}}}
notes: {{name: {notes}, parameters: {{}}}}
memory: {{name: fresh, parameters: {{}}}}
truth: {{name: {truth}, parameters: {{}}}}
handover: []
budget: {{turns: {turns}, tokens: 200000, context: 16000, evaluations: 20000}}
generations: {generations}
width: {width}
seed: {seed}
"""
TASK = toy((2, 2, 1))


def model(name: str, temperature: float = 1.0, further: str = "", **parameters: str) -> dict[str, str]:
    """Return an agent that uses a model, with `further` parameters of the model and `parameters` of the agent."""
    provider, _, name = name.partition("/")
    asked = f"model: {{name: {provider}, parameters: {{name: {name}{further}}}}}, temperature: {temperature}"
    return {"agent": "llm", "parameters": ", ".join([asked, *(f"{key}: {value}" for key, value in parameters.items())])}


MINE = model("mock/mine")
EXPLORER = {"agent": "explorer", "parameters": "study_cost: 0"}


def laid_down(where: Path, events: Sequence[AnyEvent], task: Task = TASK, **condition: Any) -> Path:
    """Write a trial with these events."""
    usual = {**MINE, "notes": "ledger", "turns": 4, "generations": 2, "width": 1, "truth": "shown", "seed": 7}
    text = CONDITION.format(**usual | condition)
    return write(where, task, events, condition=text.replace("{", "{{").replace("}", "}}"))


def probe(where: Path, draws: Sequence[Sequence[str]], task: Task = TASK, **condition: Any) -> Path:
    """Write a probe in which each draw has defined the listed concepts."""
    earned = [credited(concept, tenure=place) for place, draw in enumerate(draws, 1) for concept in draw]
    events: list[AnyEvent] = [GenerationStarted(generation=1), *earned, ended(1)]
    events += [TrialEnded(reason="completed", auc=0.0)]
    usual = {"notes": "none", "turns": 1, "generations": 1, "width": len(draws)}
    return laid_down(where, events, task, **usual | condition)


def trial(where: Path, **condition: Any) -> Path:
    """Write the trial.

    c2_1 is credited by a leap and then without one in generation 1. c3_1 is credited by a leap in generation 1 and
    without one in generation 2. c2_2 is credited by a leap alone, in generation 2. Three of five turns are lost, one of
    five actions is unknown, and two of three statements are ill-formed.
    """
    state = {"action": "state", "source": "..."}
    bad = Judged(generation=1, tenure=1, source="", status="ill_formed", message="no")
    events: list[AnyEvent] = [
        GenerationStarted(generation=1),
        *[Answered(generation=1, tenure=1, text="", tokens_in=1, tokens_out=1) for _ in range(4)],
        Fault(generation=1, side="machine", kind="rate_limit", message="slow down"),
        Fault(generation=1, side="model", kind="malformed", message="it is no JSON"),
        Fault(generation=1, side="model", kind="too_long", message="be shorter"),
        Fault(generation=1, side="machine", kind="rate_limit", message=""),
        Judged(generation=1, tenure=1, source="", kind="define", key="k", status="defined", message=""),
        Acted(generation=1, tenure=1, action=state, ok=True, reply="defined"),
        *[bad, Acted(generation=1, tenure=1, action=state, ok=False, reply="ill_formed")] * 2,
        Acted(
            generation=1, tenure=1, action={"action": "fly"}, ok=False, reply="There is no action `fly`", unusable=True
        ),
        Acted(generation=1, tenure=1, action={"action": "end"}, ok=True, reply="You have ended your time."),
        credited("c1_1"),
        credited("c2_1", leap=True),
        credited("c2_1"),
        credited("c3_1", leap=True),
        ended(1, ["c1_1", "c3_1"]),
        GenerationStarted(generation=2),
        Answered(generation=2, tenure=1, text="", tokens_in=1, tokens_out=1),
        Fault(generation=2, side="model", kind="malformed", message="it is prose"),
        credited("c3_1", generation=2),
        credited("c2_2", leap=True, generation=2),
        ended(2, ["c1_1", "c2_2"]),
        TrialEnded(reason="completed", auc=0.0),
    ]
    return laid_down(where, events, **condition)
