"""`relay run` with budgets of answers, time and money."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Invoke

SMALL = ("run", "alien(layers=2, width=1, q=3)", "-g", "2", "--workers", "0")
MODEL = ("--model", "mock/explorer")
TABLE = "currency: USD\nmodels: {mock/explorer: {input: 2.5, output: 10}}\n"


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_time_and_money_are_counted_and_shown(relay: Invoke, tmp_path: Path, prices: Path) -> None:
    out = tmp_path / "a"
    options = ("--prices", prices, "--money", 0.05, "--seconds", 600, "--answer", 3000)
    told = relay(*SMALL, *MODEL, *options, "--out", out, "--json")
    assert told.status == 0, told.err
    for words in ("answers of 3,000", "600 seconds", "0.05 USD", "costs at most 0.1 USD"):
        assert words in told.err
    data = json.loads(told.out)
    assert (data["currency"], data["unannounced"]) == ("USD", 0)
    assert all(0 < row["money"] <= 0.05 and 0 < row["seconds"] < 600 for row in data["generations"])
    shown = relay("show", out).out
    assert "generation  turns  tokens  seconds     USD" in shown
    assert "unannounced" not in shown
    assert "USD" in relay("show", out, "-g", 1).out
    whole = (out / "events.jsonl").read_bytes()
    prices.unlink()
    assert relay("resume", out, "--workers", 0).status == 0
    assert (out / "events.jsonl").read_bytes() == whole


def test_nothing_is_said_of_what_is_not_counted(relay: Invoke, tmp_path: Path) -> None:
    told = relay(*SMALL, *MODEL, "--out", tmp_path / "a", "--json")
    assert "costs" not in told.err and "seconds" not in told.err
    row = json.loads(told.out)["generations"][0]
    assert (row["money"], row["seconds"], row["tokens_cached"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((*MODEL, "--money", "0.5"), "give a price table with --prices"),
        (("--prices", "prices.yaml"), "the agent `explorer` uses no model"),
        (("--model", "mock/script", "--prices", "prices.yaml"), "no model `mock/script`; it has: mock/explorer"),
        ((*MODEL, "--prices", "nowhere.yaml"), "nowhere.yaml can't be read"),
        ((*MODEL, "--prices", "prices.yaml", "--money", "0"), "money"),
        ((*MODEL, "--prices", "prices.yaml", "--money", "much"), "--money"),
        ((*MODEL, "--seconds", "0"), "--seconds"),
        ((*MODEL, "--answer", "0"), "--answer"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    relay: Invoke, tmp_path: Path, prices: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found = relay(*SMALL, *options, "--out", tmp_path / "a")
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert said in found.err
    assert not (tmp_path / "a").exists()


def test_directories_are_named_after_budgets(
    relay: Invoke, tmp_path: Path, prices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path / "runs"))
    relay(*SMALL, *MODEL, "--prices", prices, "--money", "0.5", "--seconds", "60", "--answer", "900", "-q")
    (made,) = (tmp_path / "runs").iterdir()
    assert made.name.endswith("-generations2-answer900-seconds60-money0.5-pricesprices-s1")
