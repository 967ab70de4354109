"""How busy relay keeps an engine: many trials side by side, against the bare engine that replays what they asked.

    python3 benchmarks/serving.py                                # needs: pip install 'relay-instrument[vllm]'
    python3 benchmarks/serving.py --model Qwen/Qwen3-8B --trials 64 -M max_model_len=16384

Without `--model` a tiny one with random weights is made (`tests/serving/tiny.py`). All trials run in one process on one
engine, which is warm. Then the same requests are put to the same engine by nobody but a loop: each researcher's one
after the other, the researchers of a trial side by side and their generations in order, with the same prompts, schemas
and seeds, and with answers of the same lengths. The two take turns, several rounds; between them the engine forgets its
prefixes. Tokens are those of prompts and answers together, a second of either.

At the end: of the tokens of the prompts, how many the engine had already, with relay's order of parts, and with the
notes, which change from generation to generation, before everything else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from recording import RECORD, Asked

from agents.llm import LanguageModel
from agents.models.model import Completion, Request
from agents.models.vllm import VLLM
from relay.budget import Budget
from relay.components import build
from relay.condition import Condition, resolve_condition
from relay.observation import Message, TenureView
from relay.spelling import read_options
from relay.trial import run_trial
from tests.serving.tiny import CPU

ROOT = Path(__file__).parents[1]


class Recorded(VLLM):
    """The same model, which writes down what it is asked."""

    async def complete(self, request: Request) -> Completion:
        completion = await super().complete(request)
        RECORD.asked.append(Asked(request, completion))
        return completion


class NotesFirst(LanguageModel):
    """The same researcher, whose prompt begins with the notes."""

    def prompt(self, view: TenureView) -> tuple[Message, ...]:
        system, opening, *rest = super().prompt(view)
        notes, _, ending = opening.content.rpartition("\n\n") if not rest else (opening.content, "", "")
        first = Message(role="system", content=f"{notes}\n\n{system.content}")
        return (first, Message(role="user", content=ending or "Go on."), *rest)


def conditions(options: argparse.Namespace, parameters: dict[str, Any], agent: str) -> list[Condition]:
    """One for each trial."""
    model = {"name": f"{Path(__file__).resolve()}:Recorded", "parameters": parameters}
    budget = Budget(turns=options.turns, tokens=200_000, context=options.context, answer=options.answer)
    return [
        resolve_condition(
            options.task,
            agent={"name": agent, "parameters": {"model": model}},
            notes="journal",
            budget=budget,
            generations=options.generations,
            seed=seed,
        )
        for seed in range(options.trials)
    ]


async def relayed(every: list[Condition]) -> float:
    """Seconds that all trials take."""
    RECORD.asked.clear()
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number, condition in enumerate(every):
                group.create_task(run_trial(condition, Path(place) / str(number)))
        return time.perf_counter() - began


async def bare(model: VLLM, asked: list[Asked]) -> tuple[float, int]:
    """Seconds that the engine takes for the same requests, those of a trial one after the other, and their tokens."""
    tokens = 0
    chains: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        chains[one.request.messages[0].content].append(one)

    async def replay(chain: list[Asked]) -> None:
        nonlocal tokens
        for one in chain:
            said = await VLLM.complete(model, one.request)
            tokens += (said.tokens_in or 0) + (said.tokens_out or 0)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for chain in chains.values():
            group.create_task(replay(chain))
    return time.perf_counter() - began, tokens


async def measure(options: argparse.Namespace, parameters: dict[str, Any]) -> None:
    every = conditions(options, parameters, "llm")
    first = conditions(options, parameters, f"{Path(__file__).resolve()}:NotesFirst")
    agent = build("relay.agents", every[0].agent)
    model = agent._asked
    async with agent.at_work():
        await relayed(every[:2])  # what is done once is done
        ratios = []
        for _ in range(options.rounds):
            await model.forget()
            ours = await relayed(every)
            asked, tokens, cached = list(RECORD.asked), RECORD.tokens, RECORD.cached
            await model.forget()
            theirs, replayed = await bare(model, asked)
            ratios.append((tokens / ours) / (replayed / theirs))
            told = f"relay {tokens:,} tokens, {tokens / ours:,.0f} a second"
            print(f"{told}; bare {replayed:,} tokens, {replayed / theirs:,.0f} a second", flush=True)
        told = " ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"relay over bare: {statistics.median(ratios):.2f} ({told})")
        await model.forget()
        await relayed(first)
        print(f"prompt tokens that the engine had already: {cached:.0%}; with the notes first {RECORD.cached:.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="as for vllm/...; default: a tiny one with random weights")
    parser.add_argument("-M", dest="options", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--task", default="alien")
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--generations", type=int, default=2)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--answer", type=int, default=400, help="tokens")
    parser.add_argument("--context", type=int, default=8000, help="tokens")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        parameters: dict[str, Any] = {"name": options.model or place, **read_options(options.options)}
        if options.model is None:
            for name, value in {**CPU, "VLLM_CPU_KVCACHE_SPACE": "4"}.items():  # unless they are set
                os.environ.setdefault(name, value)
            subprocess.run([sys.executable, "-m", "tests.serving.tiny", place], cwd=ROOT, check=True)
            parameters = {"max_model_len": 8192, "enforce_eager": True, **parameters}
        asyncio.run(measure(options, parameters))


if __name__ == "__main__":
    main()
