"""`relay run` with a language model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke

SMALL = ("run", "alien(layers=2, width=1, q=3)", "-g", "2", "--workers", "0", "--json")


def test_a_model_makes_the_agent_a_language_model(relay: Invoke, tmp_path: Path) -> None:
    told = relay(*SMALL, "--model", "mock/explorer", "--out", str(tmp_path / "a"))
    assert told.status == 0, told.err
    agent = json.loads(told.out)["condition"]["agent"]
    assert (agent["name"], agent["parameters"]["model"]["name"]) == ("llm", "mock")
    assert "model=mock(name=explorer, lines=[])" in told.err
    assert f"rules_sha256={agent['parameters']['rules_sha256'][:8]})" in told.err, "a person needs no more of a hash"
    assert json.loads(told.out)["generations"][-1]["established"]


def test_the_model_may_come_from_the_surroundings(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_MODEL", "mock/script")
    with_it = relay(*SMALL, "--agent", "llm", "--out", str(tmp_path / "a"))
    assert json.loads(with_it.out)["condition"]["agent"]["parameters"]["model"]["parameters"]["name"] == "script"
    without = relay(*SMALL, "--out", str(tmp_path / "b"))
    assert json.loads(without.out)["condition"]["agent"]["name"] == "explorer"


def test_options_of_a_model_are_its_parameters(relay: Invoke, tmp_path: Path) -> None:
    end = """-Mlines=['{"actions": [{"action": "end"}]}']"""
    told = relay(*SMALL, "--model", "mock/script", end, "--out", str(tmp_path / "a"))
    model = json.loads(told.out)["condition"]["agent"]["parameters"]["model"]
    assert model["parameters"]["lines"] == ['{"actions": [{"action": "end"}]}']


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--agent", "llm"), "needs a model: give --model"),
        (("--model", "tiny"), "a model is provider/name"),
        (("-M", "a=b"), "there is none; give --model"),
        (("--model", "mock/script", "-M", "a"), "write key=value"),
        (("--model", "mock/script", "-M", "a=1", "-M", "a=2"), "given twice"),
        (("--model", "mock/script", "-M", "lime=1"), "did you mean `lines`"),
        (("--agent", "explorer", "--model", "mock/script"), "has no parameter `model`"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(relay: Invoke, tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    found = relay(*SMALL, *options, "--out", str(tmp_path / "a"))
    assert (found.status, found.out) == (2, "")
    assert told in found.err and found.err.count("\n") == 1
    assert not (tmp_path / "a").exists()
