"""Measure how busy relay keeps an engine: many concurrent trials against a bare loop that repeats their requests.

    python3 benchmarks/serving.py                                # needs: pip install 'relay-instrument[vllm]'
    python3 benchmarks/serving.py --model Qwen/Qwen3-8B -M max_model_len=16384 --context 16000 --answer 1000 --rounds 3

All trials run in one process on one warm engine. The requests to the engine are recorded: prompt tokens, schemas, seeds
and lengths. Then a bare loop repeats them in the order of arrival, with as many in flight as relay has researchers. The
two sides run in turn for `--rounds` rounds, and each starts with an engine without cached prefixes. The result is in
tokens a second, prompts and answers together. Each side draws its own answers with the same seeds; each round prints
how many answers differ.

Without `--model` a tiny model with random weights is made (`tests/serving/tiny.py`). Its answers contain no actions. So
relay waits for the engine's answer and charges it, but then uses the answer that the explorer gave at that turn of the
same trial (`mock/explorer`, run before). Relay then has its usual work: actions, checking, credit, notes and prompts
with notes. With `--model` the model's own answers are used.

Trials are opened and their theories drawn before the measurement starts. By default it takes a quarter of an hour on 2
shared cores. Other programs on the machine change the results.

At the end the program prints the share of prompt tokens that the engine had cached: with relay's order of parts, and
with the notes, which change in every generation, before everything else. For this the prompts of the last round are
sent twice more, with answers of one token.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recording import SENT, WORDS, Door, Recorded, in_order, watched

from agents.models.vllm import VLLM
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import Answered
from relay.records.log import read_chain
from relay.records.spec import read_options
from relay.researcher.model import Completion, Request
from relay.researcher.observation import Message
from relay.researcher.prompting import NOTES
from relay.scoring.workers import Workers
from relay.seeds import generator
from relay.trial.directory import TrialDirectory
from relay.trial.resolve import resolve_condition
from relay.trial.setup import TrialSetup, task_of
from relay.trial.trial import run_trial
from tests.serving.tiny import CPU

HERE = Path(__file__).resolve()
ROOT = HERE.parents[1]
WARM = 2
"""Number of trials before the first round, which warm up the engine and caches."""
Order = Callable[[tuple[Message, ...]], tuple[Message, ...]]


class Heard(VLLM):
    """The model `vllm`, with its requests recorded in `SENT` and some answers replaced from `WORDS`."""

    async def complete(self, request: Request) -> Completion:
        """Return the engine's completion. A replaced text keeps the engine's token counts."""
        SENT.append(request)
        said = await super().complete(request)
        words = WORDS.get(request.seed)
        return said if words is None else said.model_copy(update={"text": words, "finish_reason": "stop"})


# --- trials ----------------------------------------------------------------------------------------------------------


def conditions(options: argparse.Namespace, model: Any) -> list[Condition]:
    """Return the conditions of all trials, which differ in their seeds."""
    budget = Budget(turns=options.turns, tokens=200_000, context=options.context, answer=options.answer)
    return [
        resolve_condition(
            options.task,
            agent={"name": "llm", "parameters": {"model": model}},
            budget=budget.model_copy(update={"evaluations": options.evaluations}),
            generations=options.generations,
            seed=seed,
        )
        for seed in range(options.trials)
    ]


def played(condition: Condition) -> tuple[str, dict[int, str]]:
    """Run a trial with the explorer. Return the text of its task, and its answers by the seed of the request."""
    words = {}
    with tempfile.TemporaryDirectory() as place:
        trial = TrialDirectory(Path(place) / "trial")
        asyncio.run(run_trial(condition, trial.root))
        for event in (line.event for line in read_chain(trial.events, "")):
            if isinstance(event, Answered):
                # Drawn as relay draws the seed of a request, so that the words find their request again.
                rng = generator(condition.seed, "answer", event.generation, event.tenure, event.turn)
                words[int(rng.integers(2**63))] = event.text
        return trial.task.read_text(encoding="utf-8"), words


@dataclass
class Side:
    """The requests of one side and the time that they took."""

    asked: list[Recorded]
    seconds: float
    work: float
    """Processor time of this process in seconds. The engine runs in another process."""

    @property
    def tokens(self) -> tuple[int, int]:
        """Number of tokens of prompts and of answers."""
        return sum(len(one.output.prompt_token_ids) for one in self.asked), sum(len(one.written) for one in self.asked)

    @property
    def rate(self) -> float:
        """Tokens a second, prompts and answers together."""
        return sum(self.tokens) / self.seconds

    def __str__(self) -> str:
        prompts, answers = self.tokens
        flight = sum(one.seconds for one in self.asked) / self.seconds
        cached = sum(one.output.num_cached_tokens or 0 for one in self.asked) / prompts
        return (
            f"{len(self.asked)} requests, {prompts:,} tokens in ({cached:.0%} from the cache) and {answers:,} out, "
            f"{flight:.1f} in flight, {self.seconds:.1f} s, {self.rate:,.0f} tokens a second, "
            f"{1000 * self.work / len(self.asked):.1f} ms of work a request"
        )


async def relayed(every: Sequence[Condition], tasks: Sequence[str], door: Door, pool: Workers) -> Side:
    """Run all trials concurrently with shared workers, in directories that are prepared before the time starts."""
    with tempfile.TemporaryDirectory() as place:
        trials = [TrialDirectory(Path(place) / str(number)) for number in range(len(every))]
        for trial, condition, task in zip(trials, every, tasks, strict=False):
            trial.root.mkdir()
            trial.make(trial.copy_files(condition), task)
        began, work = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for trial, condition in zip(trials, every, strict=True):
                group.create_task(run_trial(condition, trial.root, workers=pool))
        return Side(door.asked, time.perf_counter() - began, time.process_time() - work)


async def bare(asked: Sequence[Recorded], door: Door, at_once: int) -> Side:
    """Repeat the requests in the order of arrival."""
    began, work = time.perf_counter(), time.process_time()
    await in_order(door.again, asked, at_once)
    return Side(door.asked, time.perf_counter() - began, time.process_time() - work)


# --- the order of parts ----------------------------------------------------------------------------------------------


def as_it_is(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Keep relay's order: rules and task, notes, turns, remaining budget."""
    return messages


def notes_first(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Order the parts as notes, rules and task, turns, remaining budget: swap the texts of the first two messages."""
    system, opening, *turns = messages
    if turns:
        return (system.model_copy(update={"content": opening.content}),
                opening.model_copy(update={"content": system.content}), *turns)  # fmt: skip
    notes, gap, ending = opening.content.rpartition("\n\n")
    return (system.model_copy(update={"content": notes}),
            opening.model_copy(update={"content": f"{system.content}{gap}{ending}"}))  # fmt: skip


async def shared(model: VLLM, sent: Sequence[Request], order: Order, at_once: int) -> str:
    """Describe the share of cached prompt tokens: of all prompts, and of first prompts of tenures with notes."""
    counts = {True: [0, 0], False: [0, 0]}

    async def ask(request: Request) -> None:
        begins = len(request.messages) == 2 and request.messages[1].content.startswith(NOTES)
        changed = {"messages": order(request.messages), "max_tokens": 1, "response_schema": None}
        # `Heard.complete` would record these requests too, so its base class is called.
        said = await VLLM.complete(model, request.model_copy(update=changed))
        counts[begins][0] += said.tokens_cached
        counts[begins][1] += said.tokens_in or 0

    await in_order(ask, sent, at_once)
    some, those = counts[True]
    rest, others = counts[False]
    first = f"{some / those:.1%} of {those:,}" if those else "of none"
    return f"{(some + rest) / (those + others):.1%} of {those + others:,}; where notes are read first {first}"


# --- measuring -------------------------------------------------------------------------------------------------------


async def measure(every: Sequence[Condition], tasks: Sequence[str], rounds: int, workers: int) -> None:
    """Measure rounds of both sides, then the orders of parts, and print the results."""
    agent: Any = TrialSetup.of(every[0], task_of(every[0])).agent
    at_once = sum(condition.width for condition in every)
    with watched() as door:
        async with agent.at_work(), Workers(workers) as pool:
            await relayed(every[:WARM], tasks, door, pool)
            ratios = []
            for number in range(1, rounds + 1):
                SENT.clear()
                await door.opened()
                ours = await relayed(every, tasks, door, pool)
                await door.opened()
                theirs = await bare(ours.asked, door, at_once)
                pairs = zip(ours.asked, theirs.asked, strict=True)
                differ = sum(one.written != other.written for one, other in pairs)
                ratios.append(ours.rate / theirs.rate)
                print(f"round {number}\n  relay: {ours}\n  bare:  {theirs}", flush=True)
                print(f"  {differ} of the answers differ; relay over bare {ratios[-1]:.3f}", flush=True)
            print(f"relay over bare: {statistics.median(ratios):.2f} (the median of {rounds}, {at_once} at once)")
            print("prompt tokens that the engine had already")
            for name, order in {"in relay's order": as_it_is, "with the notes first": notes_first}.items():
                await door.opened()
                print(f"  {name}: {await shared(agent._asked, SENT, order, at_once)}", flush=True)


def main() -> None:
    """Prepare the model and the trials, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="as for vllm/...; default: a tiny one with random weights")
    parser.add_argument("-M", dest="options", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--task", default="alien")
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--generations", type=int, default=3)
    parser.add_argument("--turns", type=int, default=4, help="at most; the explorer takes two")
    parser.add_argument("--answer", type=int, default=200, help="tokens; the explorer says less where it has fewer")
    parser.add_argument("--context", type=int, default=8000, help="tokens")
    parser.add_argument("--evaluations", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=1)
    spare = min(max((os.cpu_count() or 1) - 2, 0), 8)
    parser.add_argument("--workers", type=int, default=spare, help="processes for checking; default: spare cores")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        parameters: dict[str, Any] = {"name": options.model or place, **read_options(options.options)}
        if options.model is None:
            for name, value in {**CPU, "VLLM_CPU_KVCACHE_SPACE": "4"}.items():  # unless they are set
                os.environ.setdefault(name, value)
            subprocess.run([sys.executable, "-m", "tests.serving.tiny", place], cwd=ROOT, check=True)
            parameters = {"max_model_len": 8192, "enforce_eager": True, **parameters}
        began = time.perf_counter()
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(os.cpu_count() or 1, 16), mp_context=spawn) as pool:
            found = list(pool.map(played, conditions(options, "mock/explorer")))
        if options.model is None:
            for _, words in found:
                WORDS.update(words)
        print(f"{options.trials} trials were played by the explorer in {time.perf_counter() - began:.0f} s", flush=True)
        every = conditions(options, {"name": f"{HERE}:Heard", "parameters": parameters})
        asyncio.run(measure(every, [task for task, _ in found], options.rounds, options.workers))


if __name__ == "__main__":
    main()
