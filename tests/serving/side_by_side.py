"""Concurrent trials on one real engine, in a process of their own that a test may kill.

    python -m tests.serving.side_by_side DIRECTORY

The model is made in DIRECTORY/model, trial number N runs in DIRECTORY/NN, and every request is written to
DIRECTORY/requests.jsonl before it is sent. The seed of a request identifies its trial and turn.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from agents.models.vllm import VLLM
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.researcher.model import Completion, Request
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.setup import TrialSetup, task_of
from relay.trial.trial import run_trial
from tests.serving.tiny import make

TRIALS = 16
REQUESTS = "requests.jsonl"
LEDGERS = (0, 2, 3)
"""Trials with notes, in which random weights write at length; the others only have statements."""
PLAIN = 2
"""Trials without the grammar."""
CONTEXT = 6000
GENERATIONS = 2
WIDTH = 3
TURNS = 4
ANSWER = 600
"""Tokens of one answer."""


class Counted(VLLM):
    """The model, with a log of its requests."""

    async def complete(self, request: Request) -> Completion:
        messages = [message.model_dump() for message in request.messages]
        asked = {"seed": request.seed, "max_tokens": request.max_tokens, "messages": messages}
        with (Path(self.name).parent / REQUESTS).open("a") as file:
            file.write(json.dumps(asked) + "\n")
        return await super().complete(request)


def conditions(directory: Path) -> list[Condition]:
    """Conditions of the trials. The first two are decoded with the schema of answers, the others with the grammar."""
    found = []
    for number in range(TRIALS):
        parameters: dict[str, Any] = {"name": str(directory / "model"), "max_model_len": 8192, "enforce_eager": True}
        model = {"name": f"{Path(__file__)}:Counted", "parameters": parameters}
        agent = {"name": "llm", "parameters": {"model": model, "grammar": number >= PLAIN}}
        found.append(
            resolve_condition(
                "linear_algebra" if number % 4 == 3 else "alien(q=3, layers=2, width=1)",
                agent=agent,
                schemes=Schemes(notes="ledger" if number in LEDGERS else "none"),
                budget=Budget(turns=TURNS, tokens=8_000 + 500 * number, context=CONTEXT, answer=ANSWER, evaluations=12),
                generations=GENERATIONS,
                width=WIDTH,
                seed=number,
            )
        )
    return found


async def run(directory: Path) -> None:
    """Run all trials, or continue those that are not finished."""
    every = conditions(directory)
    agent = TrialSetup.of(every[0], task_of(every[0])).agent
    async with agent.at_work(), asyncio.TaskGroup() as group:
        for number, condition in enumerate(every):
            group.create_task(run_trial(condition, directory / f"{number:02}", workers=0))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    if not (place / "model" / "config.json").exists():
        make(place / "model")
    asyncio.run(run(place))
