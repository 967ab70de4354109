"""How a model is spelt, and what the mocks say."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agents.models import Completion, Request, read_model
from relay.components import build
from relay.errors import UsageError
from relay.observation import Message

HELLO = Request(messages=(Message(role="user", content="Hello"),), max_tokens=9, seed=1)


def ask(name: str, request: Request = HELLO, **options: object) -> Completion:
    async def run() -> Completion:
        model = build("relay.models", read_model(name, options))
        async with model.served():
            found: Completion = await model.complete(request)
            return found

    return asyncio.run(run())


def test_a_script_answers_turn_by_turn_and_then_ends() -> None:
    later = HELLO.model_copy(update={"messages": (*HELLO.messages, Message(role="assistant", content="one"))})
    last = HELLO.model_copy(update={"messages": (*later.messages, Message(role="assistant", content="two"))})
    texts = [ask("mock/script", request, lines=["one", "two"]).text for request in (HELLO, later, last)]
    assert texts == ["one", "two", '{"actions": [{"action": "end"}]}']


def test_a_function_is_a_model(tmp_path: Path) -> None:
    file = tmp_path / "said.py"
    file.write_text(
        "from agents.models import Completion\n"
        "def plain(request):\n    return request.messages[-1].content.upper()\n"
        "async def whole(request):\n    return Completion(text='so', reasoning='hm', tokens_out=2)\n"
    )
    assert ask(f"mock/{file}:plain").text == "HELLO"
    assert ask(f"mock/{file}:whole") == Completion(text="so", reasoning="hm", tokens_out=2)
    with pytest.raises(UsageError, match="has no function `other`"):
        ask(f"mock/{file}:other")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tiny", "a model is provider/name"),
        ("mock/", "a model is provider/name"),
        ("mock/nothing", "there are mock/script, mock/explorer"),
        ("mock/no/such.py:name", "does not exist"),
        ("openai/tiny", "is not to be asked here: RELAY_MODELS allows mock"),
    ],
)
def test_what_is_no_model_is_told(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        ask(name)
