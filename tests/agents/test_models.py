"""How models are written in text, and the answers of the mocks."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from agents.llm import LanguageModel
from agents.models import Completion, Request, read_model
from relay.components import build
from relay.errors import ModelFault, UsageError
from relay.records.spec import read_spec
from relay.records.task import Given
from relay.researcher.bench import Bench
from relay.researcher.model import title
from relay.researcher.observation import Message
from relay.researcher.turn import TurnContext
from relay.scoring.workers import Workers
from relay.seeds import generator
from tests.agents.explorer.test_from_text import task, view_of

HELLO = Request(messages=(Message(role="user", content="Hello"),), max_tokens=9, seed=1)


def ask(name: str, request: Request = HELLO, **options: object) -> Completion:
    async def run() -> Completion:
        model = build("relay.models", read_model(name, options))
        async with model.served():
            found: Completion = await model.complete(request)
            return found

    return asyncio.run(run())


def test_a_model_is_spelt_with_its_parameters() -> None:
    plain = read_model("mock/script", {"lines": ["one"]})
    assert plain == read_model("mock/script(lines=[one])")
    assert plain == read_model(read_spec("judge(model=mock/script(lines=[one]))").parameters["model"])
    assert title(plain) == "mock/script"
    assert read_model(read_spec(f"judge(model={plain})").parameters["model"]) == plain
    with pytest.raises(UsageError, match="`mock` is not a model; give provider/name"):
        read_model({"name": "mock", "parameters": {"lines": ["one"]}})


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
        ("boom", "boom failed with ValueError: not that ({file}, line 3); fix the function"),
        ("later", "later failed with ValueError: not that ({file}, line 3); fix the function"),
        ("library", "library failed with JSONDecodeError: Expecting value: line 1 column 1 (char 0) ({file}, line 6)"),
        ("nothing", "nothing returned nothing; a model is a function from a Request to a text or a Completion"),
        ("number", "number returned a value of the type int; a model is"),
    ],
)
def test_what_is_wrong_with_a_function_is_told_in_one_line(tmp_path: Path, name: str, told: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import json\n"
        "def boom(request):\n    raise ValueError('not that')\n"
        "async def later(request):\n    return boom(request)\n"
        "def library(request): return json.loads('no')\n"
        "def nothing(request): pass\n"
        "def number(request): return 5\n"
    )
    with pytest.raises(UsageError) as error:
        ask(f"mock/{file}:{name}")
    assert f"mock/{file}:{told.format(file=file.name)}" in str(error.value)
    assert "\n" not in str(error.value) and (error.value.__cause__ is not None) == ("failed" in told)


def test_a_function_is_looked_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "once.py"
    file.write_text("def said(request): return 'yes'\n")
    model = build("relay.models", read_model(f"mock/{file}:said"))
    request = Request(messages=(Message(role="user", content="?"),), max_tokens=9, seed=0)

    async def serve() -> list[str]:
        async with model.served():
            monkeypatch.setattr("agents.models.mock.load_file", lambda path: 1 / 0)
            file.unlink()
            return [(await model.complete(request)).text for _ in range(2)]

    assert asyncio.run(serve()) == ["yes", "yes"]


def test_a_function_may_raise_relays_own_errors(tmp_path: Path) -> None:
    file = tmp_path / "faults.py"
    file.write_text("from relay.errors import ModelFault\ndef said(request): raise ModelFault('no')\n")
    with pytest.raises(ModelFault, match="no"):
        ask(f"mock/{file}:said")


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (None, "f", "give mock/path/to/file.py:name"),
        ("def g(request): return ''", "f", "has no function `f`"),
        ("f = 5", "f", "has no function `f`"),
        ("import nowhere", "f", "can't be imported: ModuleNotFoundError"),
        ("def f(:", "f", "can't be imported: SyntaxError"),
    ],
)
def test_a_function_is_looked_for_before_anything_begins(
    tmp_path: Path, text: str | None, name: str, told: str
) -> None:
    file = tmp_path / "mine.py"
    if text is not None:
        file.write_text(text)

    async def serve() -> None:
        async with build("relay.models", read_model(f"mock/{file}:{name}")).served():
            pass

    with pytest.raises(UsageError, match=re.escape(told)):
        asyncio.run(serve())


def test_what_a_model_says_of_its_tokens_is_handed_on(tmp_path: Path) -> None:
    file = tmp_path / "said.py"
    file.write_text(
        "from agents.models import Completion\n"
        "def usage(request):\n    return Completion(text='so', tokens_in=90, tokens_out=7, tokens_cached=64)\n"
    )
    agent = LanguageModel.model_validate({"model": f"mock/{file}:usage"})
    turn = TurnContext(Bench(Workers(0), Given(), lambda: 0, lambda count, digest: None), generator(1, "answer"), 100)
    answer = asyncio.run(agent.answer(view_of(task("alien")), turn))
    assert (answer.tokens_in, answer.tokens_out, answer.tokens_cached) == (90, 7, 64)
    assert agent.priced_as() == f"mock/{file}:usage"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tiny", "is not a model; give provider/name"),
        ("mock/", "is not a model; give provider/name"),
        ("mock/nothing", "expected mock/script, mock/explorer"),
        ("mock/no/such.py:name", "does not exist"),
        ("openai/tiny", "is blocked here: RELAY_MODELS allows mock"),
    ],
)
def test_what_is_no_model_is_told(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        ask(name)


def test_a_provider_in_a_file_is_named_by_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last slash before the model's name counts, and the path may have slashes of its own."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/mine.py").write_text(
        "from agents.models import Completion, Model\n"
        "class Mine(Model):\n"
        "    name: str\n"
        "    async def complete(self, request):\n"
        "        return Completion(text=self.name)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELAY_MODELS")
    for path in ("sub/mine.py", "./sub/mine.py", str(tmp_path / "sub/mine.py")):
        assert ask(f"{path}:Mine/org/large").text == "org/large"
