"""One engine with and without adapters and with reasoning, which is killed while it is busy.

    python -m tests.serving.one_engine DIRECTORY

The model is made in DIRECTORY/model, with two adapters beside it, and a trial runs in DIRECTORY/trial. Results are
written to DIRECTORY/found.json. There is one engine for everything, since it takes long to start.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from agents.models.vllm import VLLM
from agents.models.vllm.engine import _RUNNING
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.researcher.model import Completion, Request
from relay.researcher.observation import Message
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup, task_of
from relay.trial.trial import run_trial
from tests.serving.tiny import SPECIAL, make, make_adapter

SCHEMA = {
    "type": "object",
    "properties": {"size": {"type": "integer", "minimum": 0, "maximum": 99}},
    "required": ["size"],
    "additionalProperties": False,
}
BIAS = 4.0
"""Added to the logit of `</think>`, so that reasoning with random weights comes to an end. Their answers end only if a
schema ends them."""
CUT = 3
"""Tokens after which an answer is cut off during its reasoning."""
BAD: list[dict[str, Any]] = [
    {"max_model_lem": 1},
    {"top_p": 7},
    {"reasoning_parser": "none"},
    {"reasoning_parser": "mistral"},
    {"max_lora_rank": 7},
]
TURNS, WIDTH = 2, 4


class Mortal(VLLM):
    """The model, whose engine is killed after it has answered the trial once and while it is busy with the others."""

    answers: ClassVar[Iterator[int]] = count()

    async def complete(self, request: Request) -> Completion:
        completion = await super().complete(request)
        if next(self.answers) == 0:
            for process in multiprocessing.active_children():
                process.kill()
        return completion


def asked(seed: int, **more: Any) -> Request:
    return Request(messages=(Message(role="user", content="How large?"),), max_tokens=40, seed=seed, **more)


def parameters(directory: Path) -> dict[str, Any]:
    """Options of the model. There is one slot for adapters, so that two requests with adapters must take turns."""
    return {
        "name": str(directory / "model"),
        "max_model_len": 8192,
        "enforce_eager": True,
        "enable_lora": True,
        "max_lora_rank": 8,
        "max_loras": 1,
        "reasoning_parser": "deepseek_r1",
        "logit_bias": {str(SPECIAL.index("</think>")): BIAS, str(SPECIAL.index("<|end|>")): -100.0},
    }


def condition(directory: Path, context: int) -> Condition:
    model = {"name": f"{Path(__file__).resolve()}:Mortal", "parameters": parameters(directory)}
    return resolve_condition(
        "alien",
        agent={"name": "llm", "parameters": {"model": model, "grammar": True}},
        schemes=Schemes(notes="none"),
        budget=Budget(turns=TURNS, tokens=60_000, context=context, answer=600, evaluations=9),
        generations=1,
        width=WIDTH,
        seed=1,
    )


async def together(model: VLLM, requests: list[Request]) -> list[Any]:
    """Results of concurrent requests: completions, or errors by class and message."""
    outcomes = await asyncio.gather(*map(model.complete, requests), return_exceptions=True)
    return [
        one.model_dump()
        if isinstance(one, Completion)
        else {"error": type(one).__name__, "kind": getattr(one, "kind", ""), "message": str(one)}
        for one in outcomes
    ]


async def refused(directory: Path, bad: dict[str, Any]) -> str:
    """Errors for models that can't be served as configured."""
    try:
        async with VLLM(**{**parameters(directory), **bad}).served():
            return "served"
    except UsageError as error:
        return str(error)


async def run(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    first, second = (str(directory / name) for name in ("first", "second"))
    described = condition(directory, context=6_000)
    agent = TrialSetup.of(described, task_of(described)).agent
    model = VLLM(**parameters(directory))
    found["refused"] = [await refused(directory, bad) for bad in BAD]
    found["unheld"] = await together(model, [asked(0)])
    async with agent.at_work():
        try:
            await run_trial(condition(directory, context=9_000), directory / "other")
        except UsageError as error:
            found["small"] = str(error)
        base, adapted = [asked(seed) for seed in range(4)], [asked(seed, adapter=first) for seed in range(4)]
        found["base"] = await together(model, base)
        found["adapted"] = await together(model, adapted)
        others = [asked(seed, adapter=second) for seed in range(4)]
        mixed = [one for three in zip(base, adapted, others, strict=True) for one in three]
        found["mixed"] = await together(model, mixed)
        bad = [asked(1, adapter=str(directory / "none")), asked(1, adapter=str(directory / "broken")), asked(0)]
        found["missing"] = await together(model, bad)
        held_to = [asked(seed, response_schema=SCHEMA).model_copy(update={"max_tokens": 400}) for seed in range(8)]
        longest = asked(1).model_copy(update={"messages": (Message(role="user", content="x " * 9000),)})
        found["long"] = await together(model, [longest, asked(0)])
        found["held"] = await together(model, held_to)
        found["cut"] = await together(model, [asked(seed).model_copy(update={"max_tokens": CUT}) for seed in range(4)])
        long = [asked(seed, adapter=first).model_copy(update={"max_tokens": 4_000}) for seed in range(3)]
        async with asyncio.TaskGroup() as group:
            dying = group.create_task(together(model, long))
            trial = group.create_task(run_trial(described, directory / "trial", retry=Retry(pause=0.05)))
        found["dying"], found["ended"] = dying.result(), trial.result().ended
        found["after"] = await together(model, [*base, *adapted])
        found["held_by"] = len(next(iter(_RUNNING.values())))
    found["left"] = [len(there) for there in _RUNNING.values()]
    return found


if __name__ == "__main__":
    place = Path(sys.argv[1])
    make(place / "model")
    make_adapter(place / "first", 1)
    make_adapter(place / "second", 2)
    make_adapter(place / "broken", 3)
    (place / "broken" / "adapter_model.safetensors").write_bytes(b"none")
    (place / "found.json").write_text(json.dumps(asyncio.run(run(place)), indent=1))
