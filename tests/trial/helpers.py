"""Running toy trials, and reading what they left."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import EVENTS, AnyEvent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.retry import Retry
from relay.trial.state import TrialState
from relay.trial.trial import run_trial
from tests.trial.toy import HERE, Toy, ToyJudge

QUICK = Retry(limit=2, pause=0.0)

Policy = Callable[[TenureView, TurnContext], Any]


def condition(agent: Any = f"{HERE}:Wanderer", task: Any = f"{HERE}:Toy", **options: Any) -> Condition:
    """A small condition on the toy task; `notes`, `memory`, `truth` and `handover` are among the options."""
    options = {"generations": 3, "width": 1, "seed": 5, **options}
    budget = options.pop("budget", None) or Budget(turns=3, tokens=40_000, context=6_000, evaluations=60)
    schemes = Schemes(**{each.name: options.pop(each.name) for each in fields(Schemes) if each.name in options})
    return resolve_condition(task, agent=agent, schemes=schemes, budget=budget, **options)


def scripted(*answers: Any) -> dict[str, Any]:
    """An agent that sends these answers: lists of actions, or texts."""
    lines = [answer if isinstance(answer, str) else json.dumps({"actions": answer}) for answer in answers]
    return {"name": "scripted", "parameters": {"lines": lines}}


def state(source: str) -> dict[str, str]:
    """A `state` action."""
    return {"action": "state", "source": source}


def record(statement: str, remark: str = "") -> dict[str, str]:
    """A `record` action."""
    return {"action": "record", "statement": statement, "remark": remark}


def write(text: str) -> dict[str, str]:
    """A `write` action."""
    return {"action": "write", "text": text}


def run(where: Path, condition: Condition, **options: Any) -> TrialState:
    """A trial of the toy task, judged in this process."""
    hidden = int(condition.task.parameters.get("hidden", 0))
    judge = ToyJudge(Toy(hidden=hidden).build(0))
    return asyncio.run(run_trial(condition, where, judge=judge, retry=QUICK, **options))


def events(where: Path) -> list[AnyEvent]:
    """The log."""
    return [EVENTS.validate_json(line) for line in (where / "events.jsonl").read_bytes().splitlines()]


def of_type(where: Path, kind: str) -> list[Any]:
    """Its events of one type."""
    return [event for event in events(where) if event.type == kind]


__all__ = ["Answer", "condition", "events", "of_type", "record", "run", "scripted", "state", "write"]
