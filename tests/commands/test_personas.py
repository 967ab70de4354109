"""`--persona`, and what the commands tell of personas and charters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relay.researcher.prompting import PERSONA
from tests.commands.conftest import Invoke
from tests.trial.helpers import condition, run, scripted
from tests.trial.test_personas import texts


def test_show_and_transcripts_tell_it(relay: Invoke, tmp_path: Path) -> None:
    personas = texts(tmp_path / "p", "You doubt everything.", "You dream.")
    chosen = condition(scripted(), personas=personas, handover=["leave_plan(rule=Sweep)"], width=3, generations=1)
    run(tmp_path / "a", chosen)
    assert "personas text1.txt, text2.txt" in relay("show", tmp_path / "a").out
    for trust in (["--trust"], []):  # with the components, and without
        lines = relay("show", tmp_path / "a", "--transcript", "--json", *trust).out.splitlines()
        told = [json.loads(line) for line in lines]
        assert [each["persona"] for each in told] == ["You doubt everything.", "You dream.", "You doubt everything."]
        assert [each["shown"]["words"] for each in told] == [["Sweep"]] * 3
    text = relay("show", tmp_path / "a", "--transcript", "-t", "2").out
    assert "persona: You dream." in text and "asked: Sweep" in text
    assert f"{PERSONA}\n" in relay("show", tmp_path / "a", "--prompt", "-t", "1", "--trust").out


def test_the_command_line(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path / "runs"))
    first, second = texts(tmp_path / "p", "one", "two")
    options = ["-g", "1", "--width", "2", "--persona", first, "--persona", second, "--no-figures", "--no-cache"]
    found = relay("run", "alien(q=3, layers=1)", *options, "--handover", "never_strike")
    assert found.status == 0, found.err
    name = "alien-q3-layers1-ledger-never-strike-text1-text2-generations1-width2-s1"
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [name]
    assert "persona text1.txt, persona text2.txt, seed 1" in found.err
    line = "the agent `explorer` does not read personas or the rules of charters; nothing that it does answers them"
    assert found.err.count(line) == 1
    plain = relay("run", "alien(q=3, layers=1)", "-g", "1", "--handover", "shuffled", "--no-figures", "--no-cache")
    assert "does not read" not in plain.err
    of_model = ["--model", "mock/explorer", "--turns", "1", "--out", tmp_path / "m"]
    played = relay("run", "alien(q=3, layers=1)", *options, *of_model)
    assert played.status == 0 and played.err.count("the model `mock/explorer` does not read personas; nothing") == 1
    refused = relay("run", "alien(q=3, layers=1)", "--persona", first, "--persona", second, "--out", tmp_path / "t")
    assert refused.status == 2 and refused.err.count("\n") == 1 and not (tmp_path / "t").exists()
    Path(second).write_text("three", encoding="utf-8")
    changed = relay("run", "alien(q=3, layers=1)", *options, "--handover", "never_strike")
    assert changed.status == 2 and "the persona text2.txt has changed since the trial began" in changed.err
