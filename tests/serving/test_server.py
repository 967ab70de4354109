"""vLLM's own server, with random weights: it takes the grammar, and counts prompts as relay does."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.models.openai import OpenAI
from relay.components import build
from relay.notation import Scope, read_statement
from relay.notation.decoding.callees import callees
from relay.notation.decoding.rules import Grammar
from relay.notation.decoding.statements import add_statements
from relay.records.budget import Budget
from relay.records.events import Answered, Judged
from relay.records.log import read_chain
from relay.records.spec import read_spec
from relay.records.task import Task
from relay.researcher.model import Completion, Request
from relay.researcher.observation import Message
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.serving.needs import need_engine
from tests.serving.tiny import LONGEST, make

ROOT = Path(__file__).parents[2]
SURROUNDINGS = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "HF_HUB_OFFLINE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "OMP_NUM_THREADS": "1",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1",
}
"""Environment in which the server runs on a few shared cores, with one process fewer to start."""
OPTIONS = ("--enforce-eager", "--no-enable-chunked-prefill", "--distributed-executor-backend", "uni")
PATIENCE = 300
"""Seconds for the server to start."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tiny model, served as `tiny` at `OPENAI_BASE_URL`."""
    need_engine()
    place = tmp_path_factory.mktemp("server")
    make(place / "model")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--model", str(place / "model"), "--served-model-name", "tiny", "--max-model-len", str(LONGEST)]
    command += [*OPTIONS, "--structured-outputs-config.backend", "guidance"]
    with (place / "said.txt").open("wb") as told, pytest.MonkeyPatch.context() as patch:
        surroundings = {**os.environ, **SURROUNDINGS}
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=told, stderr=told, start_new_session=True)
        try:
            _wait(server, f"http://127.0.0.1:{port}/health", place / "said.txt")
            patch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
            patch.delenv("OPENAI_API_KEY", raising=False)
            patch.setenv("RELAY_MODELS", "openai")
            yield place / "model"
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], health: str, told: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert server.poll() is None and time.monotonic() < until, told.read_text()[-3000:]
        try:
            with urllib.request.urlopen(health, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def ask(model: OpenAI, *requests: Request) -> list[Completion]:
    async def run() -> list[Completion]:
        async with model.served():
            assert await model.takes_grammars()
            return [await model.complete(request) for request in requests]

    return asyncio.run(run())


def test_what_is_said_under_the_grammar_of_statements_is_a_statement(model: Path) -> None:
    task: Task = build("relay.tasks", read_spec("alien")).build(3)
    scope = Scope(task.given)
    grammar = Grammar()
    add_statements(grammar, task.given, callees(scope, {}), task.statement_size)
    text = grammar.text("statement")
    messages = (Message(role="user", content="Say something."),)
    requests = [Request(messages=messages, max_tokens=400, seed=seed, grammar=text) for seed in range(6)]
    answers = ask(OpenAI(name="tiny", grammars="vllm"), *requests)
    whole = [answer.text for answer in answers if answer.finish_reason == "stop"]
    assert len(whole) >= 4
    for statement in whole:
        read_statement(statement, scope)  # raises if it is not a statement


def test_a_prompt_has_as_many_tokens_as_the_server_counts(model: Path) -> None:
    counted = OpenAI(name="tiny", grammars="vllm", tokenizer=str(model))
    roles = ("system", "user", "assistant", "user", "user")
    talk = tuple(Message(role=role, content=f"{role}s söy\n\n  this. <end>") for role in roles)
    requests = [Request(messages=talk[:length], max_tokens=2, seed=1) for length in (1, 2, 4, 5)]
    for request, answer in zip(requests, ask(counted, *requests), strict=True):
        assert answer.tokens_in == counted.count_tokens(request.messages)


def test_a_relay_states_what_is_well_formed(model: Path, tmp_path: Path) -> None:
    parameters = {"name": "tiny", "grammars": "vllm", "tokenizer": str(model)}
    agent = {"name": "llm", "parameters": {"model": {"name": "openai", "parameters": parameters}, "grammar": True}}
    budget = Budget(turns=2, tokens=20_000, context=6_000, answer=900, evaluations=24)
    none = Schemes(notes="none")
    condition = resolve_condition("alien", agent=agent, schemes=none, budget=budget, generations=1, width=4, seed=1)
    assert asyncio.run(run_trial(condition, tmp_path / "trial")).ended == "completed"
    events = [line.event for line in read_chain(tmp_path / "trial/events.jsonl", "")]
    assert sum(isinstance(event, Answered) for event in events) >= 4
    statuses = [event.status for event in events if isinstance(event, Judged)]
    assert statuses and "ill_formed" not in statuses
