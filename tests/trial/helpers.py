"""Runs toy trials and reads their files."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from relay.records.budget import Budget
from relay.records.chain import tenure_chain
from relay.records.condition import Condition
from relay.records.events import AnyEvent, Credited, NoteChanged
from relay.records.head import Head
from relay.records.log import encode, read_chain
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
    """A small condition on the toy task; the options include `notes`, `memory`, `truth` and `handover`."""
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
    """The events of a trial's log."""
    return [line.event for line in read_chain(where / "events.jsonl", "")]


def of_type(where: Path, kind: str) -> list[Any]:
    """The events of one type in a trial's log."""
    return [event for event in events(where) if event.type == kind]


def own_events(where: Path, generation: int, tenure: int) -> list[AnyEvent]:
    """The events of a tenure of a finished trial as its own file had them."""
    mine = [event for event in events(where) if (event.generation, event.tenure) == (generation, tenure)]
    mine = [event for event in mine if not (isinstance(event, NoteChanged) and event.applied)]
    placed: list[AnyEvent] = []
    for seq, event in enumerate(mine):
        unsettled = {"first": False} if isinstance(event, Credited) else {}
        placed.append(event.model_copy(update={"seq": seq, **unsettled}))
    return placed


def rewind(where: Path, size: int) -> None:
    """Put a trial back to when its log had `size` bytes, as if its process had been killed then: the head counts the
    blocks that were complete."""
    path = where / "events.jsonl"
    path.write_bytes(path.read_bytes()[:size])
    blocks, chain = 0, ""
    for line in read_chain(path, ""):
        if line.event.type in ("trial_started", "generation_ended", "trial_ended"):
            blocks, chain = blocks + 1, line.chain
    head = Head.read(where / "head.json")
    head.model_copy(update={"blocks": blocks, "chain": chain}).write(where / "head.json")


def reopen(where: Path, generation: int, tenures: Mapping[int, Sequence[AnyEvent] | bytes]) -> None:
    """Put a finished trial back to a moment within a generation. `tenures` maps the tenures that had begun to the
    events, or the bytes, of their files."""
    size, _ = _standing(where, generation)
    files = {tenure: sealed(where, generation, tenure, own) for tenure, own in tenures.items()}
    rewind(where, size)
    shutil.rmtree(where / "open", ignore_errors=True)
    (where / "open").mkdir()
    for tenure, data in files.items():
        (where / f"open/g{generation}-t{tenure}.jsonl").write_bytes(data)


def sealed(where: Path, generation: int, tenure: int, own: Sequence[AnyEvent] | bytes) -> bytes:
    """The bytes of a tenure's file with these events."""
    if isinstance(own, bytes):
        return own
    return encode(own, tenure_chain(_standing(where, generation)[1], generation, tenure))[0]


def _standing(where: Path, generation: int) -> tuple[int, str]:
    """Size and last digest of a log before a generation."""
    last = (0, "")
    for line in read_chain(where / "events.jsonl", ""):
        if line.event.type == "generation_started" and line.event.generation == generation:
            break
        last = (line.end, line.chain)
    return last


__all__ = [
    "Answer", "condition", "events", "of_type", "own_events", "record", "reopen", "rewind", "run", "scripted", "sealed",
    "state", "write",
]  # fmt: skip
