"""The decoding grammar through an endpoint: the requests, and the errors for servers that do not take grammars."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import llguidance
import numpy as np
import pytest

from agents.models import Request
from agents.models.grammars import WORD, smallest_grammar
from agents.models.openai import OpenAI
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.researcher.observation import Message
from relay.trial.resolve import resolve_condition
from relay.trial.state import TrialState
from relay.trial.trial import run_trial
from tests.agents.server import Endpoint, serving

ANSWER = json.dumps({"actions": [{"action": "evaluate", "term": "1"}]})
BACKEND = "--structured-outputs-config.backend guidance"


def obeying(body: dict[str, Any]) -> str:
    """An answer that obeys the request's grammar: the word of the smallest grammar, or actions."""
    grammar = body["structured_outputs"]["grammar"]
    return WORD if "statement" not in grammar else ANSWER


def run(endpoint: Endpoint, place: Path, monkeypatch: pytest.MonkeyPatch, **model: Any) -> TrialState:
    """A short trial with `--grammar on`."""
    parameters = {"name": "tiny", "grammars": "vllm", "timeout": 0.5, **model}
    agent = {"name": "llm", "parameters": {"model": {"name": "openai", "parameters": parameters}, "grammar": True}}
    budget = Budget(turns=2, tokens=100_000)

    async def asked() -> TrialState:
        async with serving(endpoint):
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            return await run_trial(resolve_condition("alien", agent=agent, generations=1, budget=budget), place)

    return asyncio.run(asked())


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("RELAY_MODELS", "openai")


def test_the_smallest_grammar_allows_one_word_and_nothing_else() -> None:
    letters = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(letters, llguidance.LLMatcher.grammar_from_lark(smallest_grammar()))
    for letter in WORD.encode():
        assert not matcher.is_accepting()
        assert _allowed(matcher) == [letter]
        matcher.consume_token(letter)
    assert _allowed(matcher) == [letters.eos_token] and matcher.is_accepting()


def _allowed(matcher: llguidance.LLMatcher) -> list[int]:
    bits = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8), bitorder="little")
    return [int(token) for token in np.flatnonzero(bits)]


def test_a_grammar_is_sent_in_place_of_a_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint(talk=obeying)
    assert run(endpoint, tmp_path / "a", monkeypatch, body={"top_p": 0.5}).ended == "completed"
    first, *turns = endpoint.asked
    assert first["messages"] == [{"role": "user", "content": "Say hello."}]
    assert len(turns) == 2
    for asked in endpoint.asked:
        assert asked["structured_outputs"]["grammar"].startswith("%llguidance")
        assert "response_format" not in asked and asked["top_p"] == 0.5
    assert all("statement" in asked["structured_outputs"]["grammar"] for asked in turns)
    kinds = [json.loads(line)["type"] for line in (tmp_path / "a/events.jsonl").read_text().splitlines()]
    assert kinds.count("answered") == 2 and "fault" not in kinds  # the test of the server is no turn


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        (Endpoint(refusal=(400, "Invalid grammar specification.")), BACKEND),
        (Endpoint(refusal=(400, "Unrecognized request argument supplied: structured_outputs")), BACKEND),
        (Endpoint(refusal=(500, "the grammar\nbroke me")), "the grammar broke me"),
        (Endpoint(talk=lambda body: "Hello! How can I help?"), "ignores grammars: it answered `Hello!"),
        (Endpoint(talk=lambda body: "Hello!"), BACKEND),
        (Endpoint(talk=obeying, troubles=["thinking"]), "reasoned for 1024 tokens without an answer"),
        (Endpoint(talk=obeying, troubles=["429"]), "run this again"),
        (Endpoint(talk=obeying, troubles=["silence"]), "run this again"),
        (Endpoint(talk=obeying, troubles=["refusal"]), "run this again"),
    ],
)
def test_a_server_without_grammars_is_told_of_before_anything_is_asked_in_earnest(
    endpoint: Endpoint, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.asked.clear()
    with pytest.raises(UsageError) as error:
        run(endpoint, tmp_path / "a", monkeypatch)
    message = str(error.value)
    assert told in message and "leave --grammar out" in message and "\n" not in message
    assert len(endpoint.asked) == 1 and "structured_outputs" in endpoint.asked[0]  # never without the grammar
    assert not (tmp_path / "a").exists()


def test_a_server_that_nothing_is_known_of_is_not_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint(talk=obeying)
    with pytest.raises(UsageError, match="-M grammars=vllm"):
        run(endpoint, tmp_path / "a", monkeypatch, grammars="none")
    assert endpoint.asked == [] and not (tmp_path / "a").exists()


def test_a_grammar_is_never_left_out_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the middle of a trial, and whatever the server says, no request is repeated without its grammar."""
    endpoint = Endpoint(refusal=(400, "the grammar is too large"))
    request = Request(
        messages=(Message(role="user", content="Hello"),),
        max_tokens=50,
        seed=1,
        response_schema={"type": "object"},
        grammar="start: rest",
    )

    async def ask(grammars: str) -> None:
        async with serving(endpoint):
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            model = OpenAI.model_validate({"name": "tiny", "grammars": grammars})
            async with model.served():
                await model.complete(request)

    with pytest.raises(UsageError, match=r"does not take relay's grammar.*too large"):
        asyncio.run(ask("vllm"))
    assert [asked["structured_outputs"] for asked in endpoint.asked] == [{"grammar": "start: rest"}]
    with pytest.raises(UsageError, match="not known to take grammars"):
        asyncio.run(ask("none"))
    assert len(endpoint.asked) == 1
