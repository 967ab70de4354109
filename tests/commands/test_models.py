"""`relay run` with a language model."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.agents.server import Endpoint, beside
from tests.commands.conftest import Invoke

SMALL = ("run", "alien(layers=2, width=1, q=3)", "-g", "2", "--workers", "0", "--json")


def test_a_model_makes_the_agent_a_language_model(relay: Invoke, tmp_path: Path) -> None:
    told = relay(*SMALL, "--model", "mock/explorer", "--out", str(tmp_path / "a"))
    assert told.status == 0, told.err
    agent = json.loads(told.out)["condition"]["agent"]
    assert (agent["name"], agent["parameters"]["model"]["name"]) == ("llm", "mock")
    assert "llm(model=mock/explorer), notes" in told.err, "of a model only what differs from its defaults"
    assert "agent llm(model=mock/explorer) ·" in " ".join(relay("show", tmp_path / "a").out.split())
    assert json.loads(told.out)["generations"][-1]["established"]


def test_the_model_may_come_from_the_surroundings(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_MODEL", "mock/script")
    with_it = relay(*SMALL, "--agent", "llm", "--out", str(tmp_path / "a"))
    assert json.loads(with_it.out)["condition"]["agent"]["parameters"]["model"]["parameters"]["name"] == "script"
    without = relay(*SMALL, "--out", str(tmp_path / "b"))
    assert json.loads(without.out)["condition"]["agent"]["name"] == "explorer"


def test_a_wrong_model_of_the_surroundings_says_where_it_comes_from(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_MODEL", "tiny")
    found = relay(*SMALL, "--agent", "llm", "--out", str(tmp_path / "a"))
    assert found.status == 2 and "relay: RELAY_MODEL: `tiny` is not a model" in found.err
    monkeypatch.setenv("RELAY_MODEL", "foo/bar")
    monkeypatch.delenv("RELAY_MODELS", raising=False)
    found = relay(*SMALL, "--agent", "llm", "--out", str(tmp_path / "a"))
    assert found.status == 2 and "RELAY_MODEL: there is no provider of models named `foo`" in found.err


def test_options_of_a_model_are_its_parameters(relay: Invoke, tmp_path: Path) -> None:
    end = """-Mlines=['{"actions": [{"action": "end"}]}']"""
    told = relay(*SMALL, "--model", "mock/script", end, "--out", str(tmp_path / "a"))
    model = json.loads(told.out)["condition"]["agent"]["parameters"]["model"]
    assert model["parameters"]["lines"] == ['{"actions": [{"action": "end"}]}']


def test_what_differs_from_the_defaults_is_said(relay: Invoke, tmp_path: Path) -> None:
    rules = tmp_path / "mine.md"
    rules.write_text("Be brief. {actions} {notation}", encoding="utf-8")
    agent = ("--agent", f"llm(rules={rules}, temperature=0.5)", "--model", "mock/script", "-M", "lines=[a, b]")
    told = relay(*SMALL, *agent, "--out", str(tmp_path / "a"))
    shown = " ".join(relay("show", tmp_path / "a").out.split())
    for text in (told.err, shown):
        assert "model=mock/script(lines=[a, b])" in text and "temperature=0.5" in text
        assert "rules=files/mine.md" in text and str(rules) not in text
        assert "disguise" not in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--agent", "llm"), "needs a model: give --model"),
        (
            ("--agent", "llm(temperature=inf)", "--model", "mock/script"),
            "input should be a finite number; write llm(temperature=...)",
        ),
        (("--agent", "llm(temperature=nan)", "--model", "mock/script"), "can't have temperature="),
        (("--agent", "llm(temperature=1e400)", "--model", "mock/script"), "can't have temperature="),
        (("--agent", "llm(temperature=-5)", "--model", "mock/script"), "greater than or equal to 0"),
        (("--model", "tiny"), "give provider/name"),
        (("-M", "a=b"), "no model is given; give --model"),
        (("--model", "mock/script", "-M", "a"), "write key=value"),
        (("--model", "mock/script", "-M", "a=1", "-M", "a=2"), "given twice"),
        (("--model", "mock/script", "-M", "lime=1"), "did you mean `lines`"),
        (("--agent", "explorer", "--model", "mock/script"), "leave --agent out, or give --agent llm"),
        (("--model", "foo/bar"), "is blocked here"),
        (("--model", "mock/nothing"), "can't have name='nothing': expected mock/script, mock/explorer"),
        (("--model", "mock/script", "-M", "lines=5"), "; give -M lines=..."),
        (("--model", "mock/script", "-M", "name=a"), "the model is named by --model"),
        (("--agent", "llm(model=5)"), "5 is not a model; give provider/name"),
        (("--agent", "llm(model=[1])"), "[1] is not a model"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(relay: Invoke, tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    found = relay(*SMALL, *options, "--out", str(tmp_path / "a"))
    assert (found.status, found.out) == (2, "")
    assert told in found.err and found.err.count("\n") == 1
    assert not (tmp_path / "a").exists()


ENDPOINT = ("--model", "openai/tiny")


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow the provider `openai` in a test."""
    monkeypatch.setenv("RELAY_MODELS", "openai,inspect")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("no extra", "needs the extra `openai`: pip install 'relay-instrument[openai]'"),
        ("no key", "set OPENAI_API_KEY, or OPENAI_BASE_URL"),
        (
            "http://[::1",
            "OPENAI_BASE_URL is `http://[::1`, which is not the address of a server; give it as http://host",
        ),
        ("127.0.0.1:9", "OPENAI_BASE_URL is `127.0.0.1:9`, which is not the address"),
        ("localhost:9/v1", "which is not the address"),
        ("http://localhost:x/v1", "which is not the address"),
        ("http:///v1", "which is not the address"),
        ("strange key", "OPENAI_API_KEY has a character that no key has"),
        ("no endpoint", "no server answers at http://127.0.0.1:9/v1/; start one there, or set OPENAI_BASE_URL"),
        ("wrong key", "rejects the key; set OPENAI_API_KEY"),
        ("unknown model", "has no model `tiny`; it has: huge"),
        ("small context", "leaves no room for a last answer of 112 tokens; give --context "),
        ("few tokens", "leaves no room for a last answer of 1024 tokens; give --tokens "),
        ("no rules", "can't be read from `nowhere.md`"),
    ],
)
def test_a_trial_that_can_not_begin_leaves_nothing(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, told: str
) -> None:
    endpoint = Endpoint(
        key="right" if what == "wrong key" else "", models=("huge" if what == "unknown model" else "tiny",)
    )
    more = {
        "small context": ("--context", "900"),
        "few tokens": ("--tokens", "900"),
        "no rules": ("--agent", "llm(rules=nowhere.md)"),
    }
    with beside(endpoint):
        if what == "no extra":
            monkeypatch.setitem(sys.modules, "openai", None)
        if what != "no key":
            monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1" if what == "no endpoint" else endpoint.url)
        if what == "strange key":
            monkeypatch.setenv("OPENAI_API_KEY", "schlüssel")
        if "not the address" in told:
            monkeypatch.setenv("OPENAI_BASE_URL", what)
        found = relay(*SMALL, *ENDPOINT, *more.get(what, ()), "--out", str(tmp_path / "a" / "b"))
    assert (found.status, found.out) == (2, ""), found.err
    assert told in found.err and found.err.count("\n") == 1
    assert endpoint.asked == [] and not (tmp_path / "a").exists()


@pytest.mark.usefixtures("real")
def test_what_interrupted_a_trial_is_told(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with beside(Endpoint(troubles=["window"])) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        found = relay(*SMALL, *ENDPOINT, "--out", str(tmp_path / "a"))
    assert found.status == 1
    last = found.err.splitlines()[-1]
    assert "interrupted by a machine's fault (the prompt is longer than the model's context" in last
    assert "--context" in last


def test_a_finished_trial_needs_no_model(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = relay(*SMALL, *ENDPOINT[:1], "mock/script", "--out", str(tmp_path / "a"))
    monkeypatch.setattr("agents.models.mock.Mock.served", lambda self: 1 / 0)
    assert relay(*SMALL, *ENDPOINT[:1], "mock/script", "--out", str(tmp_path / "a")).out == said.out
