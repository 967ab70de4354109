from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console, RenderableType

from analysis.generation_view import one_generation
from analysis.labels import spelling, titles
from analysis.summary import trial_summary
from analysis.terminal import LEGEND, bar, overview, sparkline
from analysis.trials import Trial, read_trial
from relay.records.budget import Spent
from relay.records.events import AnyEvent, Judged, TenureEnded
from tests.analysis.builder import log, toy, write


def rendered(what: RenderableType) -> str:
    stream = io.StringIO()
    Console(file=stream, width=100).print(what)
    return stream.getvalue()


def test_overview_has_a_row_a_generation(trial: Trial) -> None:
    text = rendered(overview(trial))
    assert "notes ledger(cap=2000) · memory fresh · truth shown · agent scripted · seed 7" in text
    numbers = [line.split()[0] for line in text.splitlines() if line.strip()[:1].isdigit()]
    assert numbers == ["1", "2", "3", "4"]
    assert "lost: c1_1" in text
    assert "frontier: c1_1" in text


def test_the_columns_fit_80_characters_and_are_explained(trial: Trial) -> None:
    stream = io.StringIO()
    Console(file=stream, width=80).print(overview(trial))
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    place = lines.index("generation new established retained of 9 concepts    deepest depth_50 recall")
    assert lines[place + 3] == "         3  +2           6        5 █████████▒▒·····     2/4      2/4   0.42"
    assert lines[place + 5 : place + 7] == [*LEGEND]


def test_long_trials_show_where_something_changed(tmp_path: Path) -> None:
    task = toy((3, 3))
    long = read_trial(write(tmp_path / "long", task, log(task, 300, per_generation=1), generations=300))
    lines = rendered(overview(long)).splitlines()
    assert len(lines) < 40
    assert any(line.strip().startswith("300 ") for line in lines)


def test_nothing_has_ended_yet(tmp_path: Path) -> None:
    empty = read_trial(write(tmp_path / "empty", toy(), []))
    text = rendered(overview(empty))
    assert "No generation has ended yet" in text
    assert f"`relay resume {tmp_path / 'empty'}` continues it" in " ".join(text.split())


def test_where_a_trial_stands_is_said(trial: Trial) -> None:
    assert "resume" not in rendered(overview(replace(trial, reason="completed")))
    assert "interrupted: `relay resume " in rendered(overview(replace(trial, reason="interrupted")))
    assert "4 of 4 generations have ended" in rendered(overview(replace(trial, reason=None)))
    assert "no researcher had a turn" not in rendered(overview(trial))
    idle = tuple(replace(row, spent=Spent()) for row in trial.rows)
    assert "no researcher had a turn" in rendered(overview(replace(trial, rows=idle)))


def test_definitions_that_were_too_long_are_counted_once(tmp_path: Path) -> None:
    long = [
        Judged(generation=g, tenure=1, key=key, kind="define", source="", status="defined", message="", too_long=True)
        for g, key in ((2, "a"), (2, "b"), (2, "b"), (3, "a"))
    ]
    events: list[AnyEvent] = []
    for event in log(toy(), 3):
        if isinstance(event, TenureEnded):
            events += [one for one in long if one.generation == event.generation]
        events.append(event)
    found = read_trial(write(tmp_path / "trial", toy(), events))
    assert [row.form.too_long for row in found.rows] == [0, 2, 0] and found.too_long == 2
    words = "2 definitions fitted and were longer than an explanation may be"
    assert words in rendered(overview(found)) and words in rendered(one_generation(found, found.rows[1]))
    summary = trial_summary(found)
    assert (summary["too_long"], [row["too_long"] for row in summary["generations"]]) == (2, [0, 2, 0])


def test_one_generation_names_everything(trial: Trial) -> None:
    text = rendered(one_generation(trial, trial.rows[1]))
    assert "c1_3, c2_1" in text
    assert "500 evaluations" in text


def test_bars_and_sparklines() -> None:
    assert sparkline([0, 0.5, 1]) == "▁▅█"
    assert bar(1, 2, 4, width=4).plain == "█▒··"
    assert bar(0, 0, 0, width=2).plain == "··"


def test_components_are_spelt_as_on_the_command_line() -> None:
    assert spelling("ledger") == "ledger"
    assert spelling({"name": "ledger", "parameters": {"cap": 2000}}) == "ledger(cap=2000)"
    assert spelling({"ledger": {"cap": 2000, "open": True}}) == "ledger(cap=2000, open=true)"
    assert spelling({"name": "fresh"}) == "fresh"
    asked = {"name": "mock", "parameters": {"name": "explorer"}}
    agent = {"name": "llm", "parameters": {"model": asked, "rules": None}}
    assert spelling(agent) == "llm(model=mock/explorer)"
    mine = {"name": "llm", "parameters": {**agent["parameters"], "rules": "mine.md"}}
    assert spelling(mine) == "llm(model=mock/explorer, rules=mine.md)"
    assert spelling({"name": "a", "parameters": {"disguise": None, "words": "two words"}}) == "a(words=two words)"
    assert (spelling(7), spelling("a(")) == ("7", "a(")
    assert titles({"task": "alien", "notes": "none", "seed": 3}) == ("alien", "notes none · seed 3")
