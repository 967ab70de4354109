"""Measure the cost of a turn without the model: relay against `inspect_ai`, each with an instant mock.

    python3 benchmarks/overhead.py                          # needs: pip install 'relay-instrument[inspect]'
    python3 benchmarks/overhead.py --turns 20 --rounds 3    # a short run

Both sides have the same conversation: the two first messages of relay's prompt for the task, then `--turns` times a
request for one value and the reply. In relay a request is one `evaluate` action. In an eval of `inspect_ai`, with its
solvers `use_tools` and `generate`, it is one call of a tool that reads and evaluates the same term with the same code.
The table also shows the time of these evaluations alone. Both sides write their logs, and neither shows anything. The
mock of `inspect_ai` reports its token counts, so no tokenizer is called; relay counts the tokens of every prompt.

Relay is measured twice: as its command line runs it, with worker processes and a warm cache of values, and in one
process without a cache.

Each side has a process of its own. The sides run in turn for several rounds, after one round that is not counted. The
time of a short conversation is subtracted from that of a long one, so that start and end don't count.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import chdir
from functools import cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

from agents.models import Request
from relay.notation import read_term
from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.records.record import Record
from relay.records.task import Task
from relay.researcher.observation import TenureView
from relay.scoring.cache import Cache
from relay.scoring.examiner import Examiner
from relay.trial.opening import open_tenure
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.trial import run_trial
from tasks.alien import Alien

ENDLESS = 10**9
"""Tokens of a budget that is never used up."""
WARM, PLAIN, OTHER = "relay, warm cache", "relay, one process, no cache", "inspect_ai"
MARK = 1 / 3
"""The goal: relay takes at most this share of the time of `inspect_ai`."""


@cache
def task() -> Task:
    """Return the task over which both sides evaluate terms."""
    return Alien().build(1)


class Ready(Record):
    """A task that is built already, so that building it is not measured."""

    def build(self, seed: int) -> Task:
        """Return the same task for every seed."""
        return task()


@cache
def examiner() -> Examiner:
    """Return the examiner for the tool of `inspect_ai`. Relay's trial has its own."""
    return Examiner(task())


def term(turn: int) -> str:
    """Return the term of a turn, as long as the task allows. All turns have different terms, by a name in them."""
    operation, sort = task().given.operations[0].name, task().given.sorts[0].name
    return f"count({operation}(x, y{turn}) == {operation}(y{turn}, x) for x in {sort} for y{turn} in {sort})"


def value(source: str) -> str:
    """Evaluate a term as relay does for an `evaluate` action."""
    scope = examiner().theory.scope
    return examiner().evaluate(read_term(source, scope), {})


def answer(request: Request) -> str:
    """Return the answer of relay's mock model."""
    turn = sum(message.role == "assistant" for message in request.messages)
    return json.dumps({"actions": [{"action": "evaluate", "term": term(turn)}]})


# --- the two sides ---------------------------------------------------------------------------------------------------


def condition(turns: int) -> Condition:
    """Return the condition of a trial with one researcher and this number of turns."""
    budget = Budget(turns=turns, tokens=ENDLESS, context=ENDLESS, evaluations=turns)
    here = Path(__file__).resolve()
    model = {"name": "mock", "parameters": {"name": f"{here}:answer"}}
    agent = {"name": "llm", "parameters": {"model": model}}
    none = Schemes(notes="none")
    return resolve_condition(f"{here}:Ready", agent=agent, schemes=none, generations=1, budget=budget, seed=1)


def relay(turns: int, workers: int = 0, kept: str | None = None) -> float:
    """Run a trial and return its seconds. The cache of values is in the directory `kept`; None: no cache."""
    with tempfile.TemporaryDirectory() as scratch, Cache(Path(kept or scratch)) as cache:
        chosen = condition(turns)
        gc.collect()
        begun = time.perf_counter()
        running = run_trial(chosen, Path(scratch) / "trial", workers=workers, cache=cache if kept else None)
        state = asyncio.run(running)
        seconds = time.perf_counter() - begun
    assert state.spent.evaluations == state.spent.turns == turns
    return seconds


def inspect(turns: int, system: str, user: str) -> float:
    """Run an eval of `inspect_ai` and return its seconds."""
    import inspect_ai  # noqa: PLC0415 - an extra
    from inspect_ai import dataset, model, solver, tool  # noqa: PLC0415

    calls = 0

    @tool.tool
    def evaluate() -> tool.Tool:
        async def execute(term: str) -> str:
            """The value of a term without free names.

            Args:
                term: The term.
            """
            nonlocal calls
            calls += 1
            return value(term)

        return execute

    def said(messages: Any, tools: Any, choice: Any, config: Any) -> model.ModelOutput:
        turn = sum(message.role == "assistant" for message in messages)
        asked = [tool.ToolCall(id=f"call-{turn}", function="evaluate", arguments={"term": term(turn)})]
        message = model.ChatMessageAssistant(content="", tool_calls=asked if turn < turns else None)
        reason = "tool_calls" if turn < turns else "stop"
        usage = model.ModelUsage(input_tokens=1_000, output_tokens=20, total_tokens=1_020)
        choices = [model.ChatCompletionChoice(message=message, stop_reason=reason)]
        return model.ModelOutput(model="mock", choices=choices, usage=usage)

    opening = [model.ChatMessageSystem(content=system), model.ChatMessageUser(content=user)]
    solvers = [solver.use_tools(evaluate()), solver.generate()]
    asked = inspect_ai.Task(dataset=[dataset.Sample(input=opening)], solver=solvers)
    mock = model.get_model("mockllm/model", custom_outputs=said)
    with tempfile.TemporaryDirectory() as scratch, chdir(scratch):
        gc.collect()
        begun = time.perf_counter()
        (log,) = inspect_ai.eval(asked, model=mock, display="none", log_dir=scratch)
        seconds = time.perf_counter() - begun
    assert log.status == "success" and calls == turns, log.error and log.error.message
    return seconds


def valuing(turns: int) -> float:
    """Evaluate the terms of all turns without a harness, and return the seconds."""
    begun = time.perf_counter()
    for turn in range(turns):
        value(term(turn))
    return time.perf_counter() - begun


def first_messages() -> tuple[str, str]:
    """Return the system message and the user message of relay's first prompt."""
    setup = TrialSetup.of(condition(1), task())
    observation = open_tenure(setup, TrialState(setup.reader), 1, 1).observation
    view = TenureView(observation=observation, turns=(), spent=Spent())
    system, user = setup.agent.messages(view)
    return system.content, user.content


def main() -> None:
    """Measure and print the times of all sides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=50, help="of the long conversation; the short one has a tenth")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2, help="processes in which relay would value terms")
    options = parser.parse_args()
    long, short = options.turns, max(1, options.turns // 10)
    system, user = first_messages()
    print(f"relay {version('relay-instrument')}, inspect_ai {version('inspect_ai')}, Python {python_version()}")
    print(f"alien, {long} turns less {short}, one value a turn, {len(system) + len(user):,} characters before them,")
    print(f"{options.workers} workers, {options.rounds} rounds; milliseconds a turn")
    spawn = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(1, mp_context=spawn) as ours,
        ProcessPoolExecutor(1, mp_context=spawn) as theirs,
        tempfile.TemporaryDirectory() as kept,
    ):
        sides: dict[str, Callable[[int], Future[float]]] = {
            WARM: lambda turns: ours.submit(relay, turns, options.workers, kept),
            PLAIN: lambda turns: ours.submit(relay, turns),
            OTHER: lambda turns: theirs.submit(inspect, turns, system, user),
            "the values alone": lambda turns: theirs.submit(valuing, turns),
        }
        found: dict[str, list[float]] = {side: [] for side in sides}
        for number in range(options.rounds + 1):
            for side, take in sides.items():
                seconds = take(long).result() - take(short).result()
                if number:  # the first round only warms up
                    found[side].append(1000 * seconds / (long - short))
    print(f"{'':44}{'least':>8}{'median':>8}{'most':>8}")
    show(found)
    shares = {
        f"{side} / {OTHER}": [a / b for a, b in zip(found[side], found[OTHER], strict=True)] for side in (WARM, PLAIN)
    }
    show(shares)
    most = max(statistics.median(each) for each in shares.values())
    print(f"the mark is at most a third: {'met' if most <= MARK else 'MISSED'}")


def show(rows: dict[str, list[float]]) -> None:
    """Print the least, median and greatest number of each row."""
    for what, each in rows.items():
        print(f"{what:44}{min(each):8.3f}{statistics.median(each):8.3f}{max(each):8.3f}")


if __name__ == "__main__":
    main()
