"""`relay show` and `relay notes` on trials written by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from relay.records.events import GenerationEnded, NoteChanged
from tests.analysis.builder import log, toy, write
from tests.commands.conftest import Invoke
from tests.trial.helpers import condition, record, run, scripted, state
from tests.trial.toy import FOURTH, LAW, SQUARE


def test_show_prints_a_row_a_generation(relay: Invoke, directory: Path) -> None:
    told = relay("show", directory)
    assert told.status == 0
    assert "established 8 of 9, retained 7" in told.out


def test_show_json_is_the_contract(relay: Invoke, directory: Path) -> None:
    data = json.loads(relay("show", directory, "--json").out)
    assert list(data)[:4] == ["task", "seed", "condition", "auc"]
    assert [row["generation"] for row in data["generations"]] == [1, 2, 3, 4]
    one = json.loads(relay("show", directory, "-g", "2", "--json").out)
    assert one == data["generations"][1]


def test_show_one_generation(relay: Invoke, directory: Path) -> None:
    assert "c1_3, c2_1" in relay("show", directory, "--generation", 2).out


def test_what_is_no_trial_is_one_line(relay: Invoke, tmp_path: Path, directory: Path) -> None:
    for arguments in (("show", tmp_path), ("show", tmp_path / "x"), ("notes", tmp_path), ("show", directory, "-g", 9)):
        told = relay(*arguments)
        assert told.status == 2
        assert told.err.startswith("relay: ")
        assert told.err.count("\n") == 1
        assert not told.out


def noted(tmp_path: Path) -> Path:
    """A trial with a note edited in generation 2, a note deleted in generation 3, and a change not yet applied."""
    task = toy()
    events = log(task, 3)
    ends = {event.generation: i for i, event in enumerate(events) if isinstance(event, GenerationEnded)}

    def change(note: str, version: int, generation: int, text: str, applied: bool = True) -> NoteChanged:
        return NoteChanged(
            id=note, version=version, author=f"g{generation}-t1", text=text, generation=generation, applied=applied
        )

    written = {
        1: [change("n1", 1, 1, "first"), change("n/2", 1, 1, "second")],
        2: [change("n1", 2, 2, "first, mended"), change("n3", 1, 2, "waits", applied=False)],
        3: [change("n/2", 2, 3, "")],
    }
    for generation, changes in sorted(written.items(), reverse=True):
        events[ends[generation] : ends[generation]] = changes
    return write(tmp_path / "noted", task, events, generations=3)


def test_notes_as_each_generation_left_them(relay: Invoke, tmp_path: Path) -> None:
    directory = noted(tmp_path)

    def texts(*more: str) -> list[str]:
        return [note["text"] for note in json.loads(relay("notes", directory, "--json", *more).out)]

    assert texts("-g", "1") == ["first", "second"]
    assert texts("-g", "2") == ["first, mended", "second"]
    assert texts() == ["first, mended"]
    assert "## n1 (version 2, by g2-t1)" in relay("notes", directory).out


def test_what_a_note_holds_is_named_only_on_request(relay: Invoke, tmp_path: Path) -> None:
    lines = [state(SQUARE), state(LAW), record("square"), record(LAW), record("\x1b[31m")], [state(FOURTH)]
    run(tmp_path / "a", condition(agent=scripted(*lines, [record("fourth")]), notes="ledger", generations=2))
    plain, revealed = (relay("notes", tmp_path / "a", *more).out for more in ((), ("--reveal",)))
    assert "concept" not in plain and "law square" not in plain
    heads = [line.partition(" (")[2] for line in revealed.splitlines() if line.startswith("## ")]
    ends = [head.rstrip(")").rpartition(", ")[2] for head in heads]
    assert sorted(ends) == ["concept fourth", "concept square", "law square/1"]
    assert [line for line in revealed.splitlines() if not line.startswith("## ")] == [
        line for line in plain.splitlines() if not line.startswith("## ")
    ]
    data = json.loads(relay("notes", tmp_path / "a", "-g", "1", "--reveal", "--json").out)
    assert sorted((note["concepts"], note["laws"]) for note in data) == [
        ([], ["square/1"]), (["fourth"], []), (["square"], []),
    ]  # fmt: skip
    assert "concepts" not in json.loads(relay("notes", tmp_path / "a", "--json").out)[0]
    assert relay("notes", tmp_path / "a", "--reveal", "--export", tmp_path / "out").status == 0
    assert sum("concept " in path.read_text() for path in (tmp_path / "out").iterdir()) == 2


def test_titles_and_an_authors_own_word_are_told(relay: Invoke, tmp_path: Path) -> None:
    chapter = {"action": "chapter", "title": "Beginnings", "text": "Words.", "sure": "guess"}
    run(tmp_path / "a", condition(agent=scripted([chapter]), notes="textbook", generations=1))
    assert "## 1.1.1 Beginnings (version 1, by g1-t1, its author: guess)\n" in relay("notes", tmp_path / "a").out
    assert relay("notes", tmp_path / "a", "--export", tmp_path / "out").status == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.read_text().startswith("## 1.1.1 Beginnings (")


def test_notes_send_no_commands_to_the_terminal(relay: Invoke, tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), record("square", "\x1b[31mred\x9b0m")])
    run(tmp_path / "a", condition(agent=agent, notes="ledger", generations=1))
    shown = relay("notes", tmp_path / "a").out
    assert "\\x1b[31mred\\x9b0m" in shown and "\x1b" not in shown and "\x9b" not in shown


def test_notes_are_exported_once(relay: Invoke, tmp_path: Path) -> None:
    directory, out = noted(tmp_path), tmp_path / "exported"
    told = relay("notes", directory, "-g", 2, "--export", out)
    assert told.status == 0
    assert "2 notes written" in told.err
    assert sorted(path.name for path in out.iterdir()) == ["0001-n1.md", "0002-n-2.md"]
    again = relay("notes", directory, "--export", out)
    assert again.status == 2
    assert "not empty" in again.err


def test_nothing_is_printed_when_the_reader_has_left(directory: Path) -> None:
    """`relay show DIR | head -0` ends quietly."""

    script = f"{sys.executable} -m relay show {directory} --json | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert "Traceback" not in done.stderr


def test_a_trial_without_notes_says_so(relay: Invoke, tmp_path: Path) -> None:
    trial = tmp_path / "silent"
    assert relay("run", "alien", "--notes", "none", "--agent", "scripted", "-g", "1", "-q", "--out", trial).status == 0
    told = relay("notes", trial)
    assert (told.status, told.out) == (0, "")
    assert "there are no notes" in told.err
    assert relay("notes", trial, "--json").out == "[]\n"
