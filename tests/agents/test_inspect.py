"""`inspect/...`: the model API of `inspect_ai`, with the mock that comes with it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agents.models import Completion, Request, read_model
from agents.models.inspect import Inspect
from relay.errors import MachineFault, ModelFault, UsageError
from relay.records.budget import Budget
from relay.researcher.actions import answer_schema
from relay.researcher.observation import Message
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its own, of what it is built on

REQUEST = Request(
    messages=(
        Message(role="system", content="Be brief."),
        Message(role="user", content="Hello"),
        Message(role="assistant", content="Yes?"),
        Message(role="user", content="Go on"),
    ),
    max_tokens=50,
    seed=2**62 + 5,
    temperature=0.5,
    stop=("END",),
    response_schema=answer_schema(()),
)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The API. `says` sets what its mock answers."""
    monkeypatch.setenv("RELAY_MODELS", "inspect")
    return pytest.importorskip("inspect_ai.model", reason="the extra `inspect` is not installed")


@pytest.fixture
def says(api: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """Make the mock answer with the value of a function of its arguments."""
    whole = api.get_model

    def use(function: Callable[..., Any]) -> None:
        monkeypatch.setattr(api, "get_model", partial(whole, custom_outputs=function))

    return use


def output(api: Any, content: Any, reason: str = "stop", **usage: int) -> Any:
    message = api.ChatMessageAssistant(content=content)
    tokens = api.ModelUsage(**{"input_tokens": 10, "output_tokens": 3, **usage})
    return api.ModelOutput(
        model="mock", choices=[api.ChatCompletionChoice(message=message, stop_reason=reason)], usage=tokens
    )


def ask(**parameters: object) -> Completion:
    async def run() -> Completion:
        model = Inspect.model_validate({"name": "mockllm/model", **parameters})
        async with model.served():
            return await model.complete(REQUEST)

    return asyncio.run(run())


def test_what_is_asked_arrives(api: Any, says: Any) -> None:
    asked: list[Any] = []

    def said(messages: Any, tools: Any, choice: Any, config: Any) -> Any:
        asked.append((messages, config))
        return output(api, "hello there", input_tokens_cache_read=4, input_tokens_cache_write=2)

    says(said)
    found = ask(config={"top_p": 0.5})
    assert found == Completion(text="hello there", tokens_in=16, tokens_out=3, tokens_cached=4)
    ((messages, config),) = asked
    assert [(message.role, message.content) for message in messages] == [
        (message.role, message.content) for message in REQUEST.messages
    ]
    assert (config.max_tokens, config.temperature, config.stop_seqs, config.top_p) == (50, 0.5, ["END"], 0.5)
    assert (config.seed, config.max_retries) == ((2**62 + 5) % 2**31, 0)
    shape = config.response_schema.json_schema.model_dump(exclude_none=True)
    state = shape["properties"]["actions"]["items"]["anyOf"][0]
    assert state["properties"]["action"] == {"type": "string", "enum": ["state"]}
    assert state["properties"]["source"]["maxLength"] == 4_000 and state["required"] == ["action", "source"]


def test_an_answer_is_not_lost_to_what_is_told_of_its_tokens(api: Any, says: Any) -> None:
    says(lambda *asked: output(api, "so", input_tokens=-1, output_tokens=-3, input_tokens_cache_read=-4))
    assert ask() == Completion(text="so")


def test_reasoning_is_kept_apart(api: Any, says: Any) -> None:
    parts = [
        api.ContentReasoning(reasoning="first this"),
        api.ContentReasoning(reasoning="xxxx", redacted=True, summary="then that"),
        api.ContentText(text="an "),
        api.ContentText(text="answer"),
    ]
    says(lambda *asked: output(api, parts))
    found = ask()
    assert (found.text, found.reasoning) == ("an answer", "first this\nthen that")


def test_how_it_ended(api: Any, says: Any) -> None:
    says(lambda *asked: output(api, "so f", "max_tokens"))
    assert ask().finish_reason == "length"
    says(lambda *asked: output(api, "", "content_filter"))
    with pytest.raises(ModelFault, match="filter"):
        ask()
    says(lambda *asked: api.ModelOutput(model="mock", error="not this", usage=api.ModelUsage()))
    with pytest.raises(ModelFault, match="refused: not this"):
        ask()
    says(lambda *asked: api.ModelOutput(model="mock", usage=api.ModelUsage()))
    with pytest.raises(MachineFault) as empty:
        ask()
    assert empty.value.kind == "unreadable"
    says(lambda *asked: output(api, "the window has 4096 tokens", "model_length"))
    with pytest.raises(MachineFault, match=r"4096.*--context") as window:
        ask()
    assert (window.value.kind, window.value.lasting) == ("context", True)


class Refused(Exception):
    """An error as a provider's client raises it."""

    def __init__(self, status: int) -> None:
        super().__init__("told so")
        self.status_code = status


class APITimeoutError(Exception):
    """An error whose class is named as in clients."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused(429), "rate_limit"),
        (Refused(500), "server"),
        (Refused(408), "server"),
        (Refused(401), "rejects the key"),
        (Refused(404), "has no model"),
        (Refused(400), "refuses"),
        (ConnectionResetError("gone"), "connection"),
        (APITimeoutError(), "timeout"),
        (TimeoutError(), "timeout"),
        (RuntimeError("[odd] thing"), "MachineFault"),
    ],
)
def test_each_fault_is_one_of_its_kind(says: Any, error: Exception, kind: str) -> None:
    asked = []

    def fails(*arguments: Any) -> Any:
        asked.append(arguments)
        raise error

    says(fails)
    with pytest.raises((MachineFault, UsageError)) as fault:
        ask()
    assert len(asked) == 1  # the engine retries, and logs it
    assert getattr(fault.value, "kind", str(fault.value)).find(kind) >= 0
    assert "\n" not in str(fault.value)


def test_what_it_would_repeat_by_itself_is_repeated_by_the_engine(
    api: Any, says: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspect_ai.model._providers.mockllm import MockLLM  # noqa: PLC0415 - an extra

    monkeypatch.setattr(MockLLM, "should_retry", lambda self, error: True)
    asked = []

    def fails(*arguments: Any) -> Any:
        asked.append(arguments)
        raise Refused(429)

    says(fails)
    with pytest.raises(MachineFault) as fault:
        ask()
    assert (fault.value.kind, len(asked)) == ("rate_limit", 1)


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mockllm", "as inspect/provider/name"),
        ("nothing/x", "Model API nothing of model 'nothing/x' not recognized; fix that"),
    ],
)
def test_what_a_user_can_mend_is_told(name: str, told: str) -> None:
    async def serve() -> None:
        async with Inspect.model_validate(read_model(f"inspect/{name}").parameters).served():
            pass

    with pytest.raises(UsageError, match=told) as error:
        asyncio.run(serve())
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("api")
def test_a_missing_key_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai", reason="the extra `openai` is not installed")
    for name in ("OPENAI_API_KEY", "AZUREAI_OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        ask(name="openai/tiny")


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    monkeypatch.setitem(sys.modules, "inspect_ai.model", None)
    with pytest.raises(UsageError, match=r"pip install .relay-instrument\[inspect\]"):
        ask()


def test_a_trial_goes_through_it(api: Any, says: Any, tmp_path: Path) -> None:
    answer = json.dumps({"actions": [{"action": "evaluate", "term": "1 + 1"}]})
    says(lambda *asked: output(api, answer))
    agent = {"name": "llm", "parameters": {"model": read_model("inspect/mockllm/model").model_dump()}}
    chosen = resolve_condition(
        "alien(layers=2, width=1, q=3)", agent=agent, generations=1, budget=Budget(turns=2, tokens=50_000)
    )
    assert asyncio.run(run_trial(chosen, tmp_path / "a")).ended == "completed"
    lines = [json.loads(line) for line in (tmp_path / "a/events.jsonl").read_text().splitlines()]
    assert [event["reply"] for event in lines if event["type"] == "acted"] == ["2"] * 2
