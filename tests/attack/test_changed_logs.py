"""Trials edited by hand: every command refuses each in one line, and nothing is written or deleted, inside or outside.

Run with `-s` to see the count of edits and misses.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from relay.records.events import AnyEvent, GenerationEnded, TrialEnded
from relay.records.reader import TrialReader
from relay.records.scores import TrialScores
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.attack.damage import Edit, of_a_trial, of_its_files, of_open_tenures, of_resealed_tenures, rewritten
from tests.commands.conftest import Invoke, relay
from tests.trial.helpers import own_events, record, reopen, state

__all__ = ["relay"]

SUM = "define plus(u: Vector[n], v: Vector[n]) -> Vector[n] = vector(u[i] + v[i] for i in range(n))"
TIMES = "define times(s: Scalar, v: Vector[n]) -> Vector[n] = vector(s * v[i] for i in range(n))"
INNER = "define inner(u: Vector[n], v: Vector[n]) -> Scalar = sum(u[i] * v[i] for i in range(n))"
SWAP = "claim swap (u: Vector[n], v: Vector[n]): plus(u, v) == plus(v, u)"


def conditioned() -> Any:
    """Two generations of two scripted researchers, whose log has nearly every kind of event."""
    first = [*map(state, (SUM, SWAP, TIMES, INNER)), *map(record, ("plus", "swap", "times", "inner"))]
    first += [{"action": "evaluate", "term": "2 + len([1])"}, {"action": "open", "id": "1.1.1"}, {"action": "fly"}]
    answers = [
        json.dumps({"actions": first}),
        "What now?",
        json.dumps({"actions": [{"action": "strike", "id": "1.1.3"}]}),
    ]
    agent = {"name": "scripted", "parameters": {"lines": answers}}
    schemes = Schemes(notes="ledger(cap=100)")
    return resolve_condition("linear_algebra", agent=agent, schemes=schemes, generations=2, width=2, seed=1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial that has ended."""
    where = tmp_path_factory.mktemp("whole") / "trial"
    asyncio.run(run_trial(conditioned(), where))
    return where


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial of the explorer, whose log has searches and explanations."""
    where = tmp_path_factory.mktemp("searched") / "trial"
    asyncio.run(run_trial(resolve_condition("alien(q=3, layers=2, width=2)", generations=2, seed=1), where))
    return where


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, whole: Path) -> Path:
    """A trial that was killed in generation 2."""
    where = tmp_path_factory.mktemp("killed") / "trial"
    shutil.copytree(whole, where)
    own = {tenure: own_events(where, 2, tenure) for tenure in (1, 2)}
    reopen(where, 2, {tenure: events[: len(events) - 3] for tenure, events in own.items()})
    return where


def contents(where: Path) -> dict[str, object]:
    """Everything in a directory, links and pipes not followed."""
    return {
        str(path.relative_to(where)): path.read_bytes()
        if path.is_file() and not path.is_symlink()
        else path.lstat().st_mode
        for path in sorted(where.rglob("*"))
    }


def commands(where: Path, good: Path) -> Iterable[tuple[Any, ...]]:
    """Every command that reads the trial in `where`; `good` is a whole one."""
    yield "show", where
    yield "show", where, "--json"
    yield "show", where, "-g", "1"
    yield "show", good, "--probe", where
    yield "notes", where
    yield "notes", where, "-g", "1"
    yield "notes", where, "--export", where.parent / "exported"
    yield "resume", where, "-q", "--workers", "0"
    yield "run", "linear_algebra", "--agent", "scripted", "-q", "--workers", "0", "--out", where


def misses(relay: Invoke, base: Path, edits: Sequence[Edit], tmp_path: Path, *, only_resume: bool = False) -> list[str]:
    """Apply each edit to a copy of `base`, try each command, and return what was not refused as it should be."""
    found: list[str] = []
    tried = 0
    for number, edit in enumerate(edits):
        where, outside = tmp_path / str(number) / "trial", tmp_path / str(number) / "outside"
        shutil.copytree(base, where)
        outside.mkdir(exist_ok=True)
        edit.apply(where)
        before = contents(where.parent)
        for command in [("resume", where)] if only_resume else commands(where, base):
            told = relay(*command)
            tried += 1
            lines = told.err.splitlines()
            if told.status != 2 or len(lines) != 1 or told.out:
                found.append(f"{edit.name}: {command[0]} exits with {told.status}: {told.err[-200:]!r}")
            elif not re.search(edit.told, lines[0]):
                found.append(f"{edit.name}: {command[0]} says {lines[0]}")
            if contents(where.parent) != before:
                found.append(f"{edit.name}: {command[0]} wrote or deleted something")
                break
        shutil.rmtree(where.parent)
    print(f"\n{len(edits)} edits, {tried} commands, {len(found)} misses", file=sys.__stdout__)
    return found


def test_every_edit_of_a_log_is_refused_by_every_command(relay: Invoke, tmp_path: Path, whole: Path) -> None:
    edits = list(of_a_trial(whole))
    assert len(edits) >= 60
    assert misses(relay, whole, edits, tmp_path) == []


def test_edits_of_searches_and_explanations_too(relay: Invoke, tmp_path: Path, searched: Path) -> None:
    edits = [edit for edit in of_a_trial(searched) if edit.name.startswith(("searched", "explained"))]
    assert len(edits) == 4
    assert misses(relay, searched, edits, tmp_path) == []


def test_every_edit_of_an_open_tenure_is_refused(relay: Invoke, tmp_path: Path, killed: Path, whole: Path) -> None:
    edits = list(of_open_tenures(own_events(whole, 2, 1)[:-3]))
    assert misses(relay, killed, edits, tmp_path) == []


def test_what_an_open_tenure_earned_is_derived_and_not_believed(
    relay: Invoke, tmp_path: Path, killed: Path, whole: Path
) -> None:
    """Digests are no signatures. Whoever computes them anew is found out by judging again, before anything is asked."""
    edits = list(of_resealed_tenures(own_events(whole, 2, 1)[:-3]))
    assert misses(relay, killed, edits, tmp_path / "killed", only_resume=True) == []
    interrupted = tmp_path / "interrupted" / "trial"
    shutil.copytree(killed, interrupted)
    events = [line.event for line in TrialReader.open(interrupted).walk()]
    auc = events[-1].measures["depth_weighted_recall"]  # type: ignore[union-attr]
    rewritten(interrupted, [*events, TrialEnded(reason="interrupted", auc=auc)])
    assert misses(relay, interrupted, edits, tmp_path / "again", only_resume=True) == []
    for number, edit in enumerate(edits):  # and until then its credit is shown nowhere
        where = tmp_path / f"shown{number}"
        shutil.copytree(killed, where)
        edit.apply(where)
        data = json.loads(relay("show", where, "--json").out)
        assert [row["generation"] for row in data["generations"]] == [1]


def test_what_a_successor_could_read_is_laid_out_again(relay: Invoke, tmp_path: Path, killed: Path) -> None:
    """Whoever rewrites the whole log and keeps its measures true to it is found out by the notes, on resume."""
    where = tmp_path / "trial"
    shutil.copytree(killed, where)
    shutil.rmtree(where / "open")
    reader = TrialReader.open(where)
    scores, forged = TrialScores(reader.task.concepts), list[AnyEvent]()
    for line in reader.walk():
        event = line.event
        if isinstance(event, GenerationEnded):
            event = scores.end_of_generation(event.model_copy(update={"readable": event.readable[:1]}))
        scores.apply(event)
        forged.append(event)
    rewritten(where, forged)
    assert relay("show", where).status == 0
    before = contents(where)
    told = relay("resume", where, "-q", "--workers", "0")
    assert told.status == 2 and re.search(r"line \d+ \(generation 1\) says something else of `readable`", told.err)
    assert contents(where) == before


def test_every_edit_of_the_other_files_is_refused(relay: Invoke, tmp_path: Path, whole: Path, killed: Path) -> None:
    for base in (whole, killed):
        folder = tmp_path / base.parent.name
        count = len(list(of_its_files(folder)))
        # each edit has a directory outside of its own
        edits = [list(of_its_files(folder / str(number) / "outside"))[number] for number in range(count)]
        assert misses(relay, base, edits, folder) == []


def test_statements_that_no_answer_holds_are_found_by_judging_again(relay: Invoke, tmp_path: Path, whole: Path) -> None:
    """A whole log can be made up with all of its digests, but not so that its answers hold other statements."""
    for name, change in (
        ("other answers", lambda event: {"text": "I give up."} if event.type == "answered" else {}),
        (
            "other statements",
            lambda event: {"source": INNER} if event.type == "judged" and event.name == "plus" else {},
        ),
    ):
        where = tmp_path / name
        shutil.copytree(whole, where)
        events = [line.event for line in TrialReader.open(where).walk()]
        rewritten(where, [event.model_copy(update=change(event)) for event in events])
        told = relay("rescore", where, "-q", "--workers", "0")
        assert told.status == 2 and re.search(r"g1-t1 stated .* in turn 1, and its answer does not", told.err), told
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted({name, *(["other answers"])})


def test_a_neighbour_that_hides_a_bomb_does_no_harm(relay: Invoke, tmp_path: Path, whole: Path) -> None:
    """Aliases in YAML may stand for billions of values."""
    shutil.copytree(whole, tmp_path / "good")
    shutil.copytree(whole, tmp_path / "bad")
    condition = (tmp_path / "bad/condition.yaml").read_text().replace("generations: 2", "generations: 1")
    bomb = "x0: &x0 [1, 1]\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 12))
    (tmp_path / "bad/condition.yaml").write_text(bomb + condition)
    assert "condition.yaml is not YAML" in relay("show", tmp_path / "bad").err
    told = relay("show", tmp_path / "good")
    assert told.status == 2 and "bad/condition.yaml" in told.err and told.err.count("\n") == 1


def test_a_hard_link_is_read_but_never_written(relay: Invoke, tmp_path: Path, killed: Path) -> None:
    where, outside = tmp_path / "trial", tmp_path / "backup.jsonl"
    shutil.copytree(killed, where)
    outside.hardlink_to(where / "events.jsonl")
    before = outside.read_bytes()
    assert relay("show", where).status == 0
    told = relay("resume", where, "-q", "--workers", "0")
    assert told.status == 2 and "has a second name elsewhere" in told.err
    assert outside.read_bytes() == before


def test_what_was_not_edited_is_not_refused(relay: Invoke, tmp_path: Path, whole: Path, killed: Path) -> None:
    for base in (whole, killed):
        where = tmp_path / base.parent.name
        shutil.copytree(base, where)
        (where / ".DS_Store").write_text("the system's own")
        for command in (("show", where), ("notes", where), ("resume", where, "-q", "--workers", "0")):
            assert relay(*command).status == 0
        assert (where / "events.jsonl").read_bytes() == (whole / "events.jsonl").read_bytes()
