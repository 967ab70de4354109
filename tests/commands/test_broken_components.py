"""A mistake in a component of one's own is one line that names the component and the place, and no traceback. What was
logged before stays, and nothing is begun that can't go on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relay.components import GROUPS
from tests.commands import misfits
from tests.commands.conftest import Invoke
from tests.contract import memories

HERE = str(Path(misfits.__file__).resolve())
OPTIONS = {
    "relay.agents": "--agent",
    "relay.handover": "--handover",
    "relay.interventions": "--intervention",
    "relay.memory": "--memory",
    "relay.notes": "--notes",
    "relay.truth": "--truth",
}
USUAL = ("-g", "3", "--turns", "1", "-q", "--workers", "0", "--no-cache", "--context", "6000")
BEFORE = {
    "RaisesAtConstruction": "can't be made: ZeroDivisionError: at once in `RaisesAtConstruction.model_post_init`",
    "LacksMethods": "lacks `instructions` and `show`",
    "SaysNothing": "the note scheme `SaysNothing` returned nothing instead of a `str`, from `instructions`",
    "WrongActions": "the note scheme `WrongActions` has <class ",
    "OneAction": "its `actions` must be a tuple; write `actions = (Leave,)`",
    "LooseActions": 'the note scheme `LooseActions`: `Loose.action` must be `Literal["loose"]`',
    "NamelessActions": '`Nameless.action` must be `Literal["nameless"]`: write',
    "TakenActions": "the name `evaluate` of `Evaluates` is taken",
    "TwiceActions": "the name `leave` of `Leave` is taken by `Leave`",
    "AimlessActions": "`Aimless` has no `purpose`",
    "FlaggedActions": "the field `Flagged.important` can't hold any text, as `remark` needs",
    "ShowsNothing": "the note scheme `ShowsNothing` returned nothing instead of a `Layout`, from `show`",
    "ShowsLists": "a value of the type list instead of a `tuple` in `parts` of a `Layout`, from `show`",
    "ShowsNumbers": "a value of the type int instead of a `str` in `text` of a `Part` in `parts` of a `Layout`",
    "ShowsForever": "a value of the type generator instead of a `tuple` in `parts` of a `Layout`, from `show`",
    "ShowsTooMuch": "the note scheme `ShowsTooMuch` shows 250000 tokens where there is room for ",
    "ShowsLater": "`ShowsLater` has a method `show` that has to be awaited",
    "TakesLess": "`TakesLess` failed with TypeError: TakesLess.show() takes 2 positional arguments but 4 were given",
    "LimitsInWords": "a value of the type str instead of an `int` or `None`, from `limit`",
    "ReadsAFile": "failed with FileNotFoundError: [Errno 2] No such file or directory: 'there is no such file'",
    "RemembersNumbers": "returned a value of the type int instead of a `bool`, from `transcripts`",
    "StepsNowhere": "the hand-over step `StepsNowhere` returned nothing instead of a `HandoverView`, from `step`",
    "StepsOnNotes": "a value of the type list instead of a `Mapping` in `notes` of a `HandoverView`, from `step`",
    "Judges": "failed for a tenure without events: it returned an int, and no `Kept`; fix its `kept` (",
    "ReadsBadly": "the hand-over step `ReadsBadly` failed with NotationError: line 1, column ",
    "Empties": "`Empties` failed with AttributeError: 'mappingproxy' object has no attribute 'clear'",
    "PromptsNothing": "the agent `PromptsNothing` returned nothing instead of a `tuple`, from `messages`",
    "CountsInWords": "the agent `CountsInWords` returned a value of the type str instead of an `int`, from `count`",
}
"""Mistakes that are found before anything is written."""
LATER = {
    "ChangesTheStore": "'mappingproxy' object does not support item deletion in `ChangesTheStore.show`",
    "FailsLate": "the note scheme `FailsLate` failed with KeyError: 'the second note' in `FailsLate.show`",
    "Exits": "the note scheme `Exits` failed with SystemExit: 3 in `Exits.apply`",
    "AppliesNothing": "returned nothing instead of a `Written`",
    "WritesNumbers": "a value of the type int instead of a `str` in `text` of a `Written`, from `apply`",
    "LinksNumbers": "a value of the type int instead of a `str` in `rests_on` of a `Linked` in `linked` of a `Written`",
    "ChangesItsPlace": "'mappingproxy' object does not support item assignment in `ChangesItsPlace.apply`",
    "MergesNothing": "the note scheme `MergesNothing` returned nothing instead of a `NoteChanged`, from `merge`",
    "ForgetsEverything": "handed on a conversation that begins with a message of the role `assistant`",
    "Renames": "the hand-over step `Renames` returned the note `1.1.1` under the id `1.1.1!`",
    "TellsYes": "`TellsYes` returned a value of the type str instead of a `Verdict` or `None`, from `of_claim`",
    "TellsLater": "the truth `TellsLater` has a method `of_claim` that has to be awaited",
    "TellsLists": "a value of the type list instead of a `tuple` or `None`, from `of_phenomena`",
    "AnswersAtOnce": "the agent `AnswersAtOnce` has a method `answer` that can't be awaited",
    "AnswersInWords": "`AnswersInWords` returned a value of the type str instead of an `Answer`, from `answer`",
    "AnswersBadly": "the agent `AnswersBadly` failed with LookupError: no words in `AnswersBadly.answer`",
    "Intervenes": "`Intervenes` failed with AttributeError: '_Desk' object has no attribute 'nothing'",
}
"""Mistakes that show while a trial is running."""


def options(name: str) -> list[str]:
    """The options that select a component and what it needs beside it."""
    kind = getattr(misfits, name)
    group = next(group for group in OPTIONS if callable(getattr(kind, GROUPS[group][1], None)))
    notes = "ledger" if group == "relay.interventions" else f"{HERE}:Plain"
    chosen = {"--agent": f"{HERE}:Teller", "--notes": notes, OPTIONS[group]: f"{HERE}:{name}"}
    return [word for pair in chosen.items() for word in pair]


@pytest.mark.parametrize("name", [*BEFORE, *LATER])
def test_a_mistake_is_one_line(relay: Invoke, tmp_path: Path, name: str) -> None:
    where = tmp_path / "trial"
    found = relay("run", "alien(q=3, layers=1)", *options(name), *USUAL, "--out", where)
    assert found.status == 2 and not found.out
    assert {**BEFORE, **LATER}[name] in found.err
    assert "misfits.py, line " in found.err
    assert found.err.count("\n") == 1
    if any(words in found.err for words in (" failed with ", " returned a value ", " returned nothing ")):
        assert "); mend your own misfits.py, not the trial's copy, then begin anew: `relay run` with" in found.err
    assert where.exists() == (name in LATER)
    if name in LATER:
        assert relay("show", where, "--json").status == 0  # what was logged can be read


@pytest.mark.parametrize("name", [name for name in BEFORE if name.endswith(("OneAction", "Actions"))])
def test_so_is_a_mistake_in_an_action_where_it_is_checked(relay: Invoke, name: str) -> None:
    found = relay("check-component", f"{HERE}:{name}")
    broken = [line for line in found.out.splitlines() if line.startswith("BROKEN")]
    assert found.status == 1 and len(broken) == 1
    assert BEFORE[name] in broken[0] and "misfits.py, line " in broken[0] and "Improviser" not in found.out


def test_a_component_that_exits_is_told_wherever_it_does(relay: Invoke, tmp_path: Path) -> None:
    for name, place in (("ExitsAtOnce", "model_post_init"), ("ExitsShowing", "show")):
        for command in (["check-component"], ["run", "alien", *USUAL, "--out", tmp_path / "t", "--notes"]):
            found = relay(*command, f"{HERE}:{name}")
            told = found.out + found.err
            assert found.status in (1, 2) and "SystemExit: 3 in" in told and f".{place}` (" in told
    found = relay("run", "alien", *USUAL, "--handover", f"{HERE}:ExitsJudging", "--out", tmp_path / "t")
    assert found.status == 2 and "failed for a tenure without events: SystemExit: 3" in found.err
    assert not (tmp_path / "t").exists()


def test_what_its_author_foresaw_is_told_as_it_is(relay: Invoke, tmp_path: Path) -> None:
    found = relay("run", "alien", *options("Explains"), *USUAL, "--out", tmp_path / "t")
    assert (found.status, found.err) == (2, "relay: there is no room for this; give --context 9000\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("BuildsNothing", "the task `BuildsNothing` returned nothing instead of a `Task`, from `build`"),
        (
            "BuildsBadly",
            "`BuildsBadly` failed with IndexError: list index out of range in `BuildsBadly.build`",
        ),
    ],
)
def test_a_task_that_is_none(relay: Invoke, tmp_path: Path, name: str, told: str) -> None:
    for command in (["run", f"{HERE}:{name}", *USUAL, "--out", tmp_path / "t"], ["task", "check", f"{HERE}:{name}"]):
        found = relay(*command)
        assert found.status == 2 and told in found.err and "misfits.py" in found.err
        assert found.err.count("\n") == 1
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("class Mine:\n    def broken(:\n", "SyntaxError"),
        (
            "from relay.schemes.truth import Shown\nclass Mine(Shown):\n    tells: bool = True\n",
            'Field name "tells" in "Mine" shadows an attribute',
        ),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
    ],
)
def test_a_file_that_can_not_be_imported(relay: Invoke, tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    found = relay("run", "alien", "--truth", f"{file}:Mine", "--out", tmp_path / "t")
    assert found.status == 2 and "mine.py` can't be imported" in found.err and told in found.err
    assert found.err.count("\n") == 1


def test_what_a_component_prints_does_not_mix_with_results(relay: Invoke, tmp_path: Path) -> None:
    found = relay("run", "alien(q=3, layers=1)", *options("Prints"), *USUAL, "--json", "--out", tmp_path / "t")
    assert found.status == 0
    assert json.loads(found.out)["generations"] and "so much to tell" in found.err


def test_nor_does_what_it_prints_when_it_is_imported(relay: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "loud.py"
    file.write_text("print('so loud')\nfrom relay.schemes.notes import Journal\n", encoding="utf-8")
    found = relay(
        "run", "alien(q=3, layers=1)", *USUAL, "--notes", f"{file}:Journal", "--json", "--out", tmp_path / "t"
    )
    assert found.status == 0 and json.loads(found.out) and found.err.startswith("so loud")


def test_a_trial_goes_on_when_the_mistake_is_gone(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", "alien(q=3, layers=1)", *options("NeedsAFile"), *USUAL, "-g", "4", "--out"]
    assert relay(*words, "whole").status == 0
    (tmp_path / "broken").touch()
    assert relay(*words, "stopped").status == 2
    assert relay("show", "stopped", "--json").status == 0
    (tmp_path / "broken").unlink()
    assert relay(*words, "stopped").status == 0
    assert (tmp_path / "stopped/events.jsonl").read_bytes() == (tmp_path / "whole/events.jsonl").read_bytes()


def test_a_bug_of_relay_shows_where_it_is(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("relay's own")

    monkeypatch.setattr("relay.records.reader.TrialReader.open", broken)
    with pytest.raises(ZeroDivisionError, match="relay's own"):
        relay("show", tmp_path)


def test_so_does_a_bug_of_one_of_its_own_schemes(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the ledger's own")

    monkeypatch.setattr("relay.schemes.notes.ledger.Ledger.show", broken)
    with pytest.raises(ZeroDivisionError, match="the ledger's own"):
        relay("run", "alien(q=3, layers=1)", *USUAL, "--out", tmp_path / "t")


def test_a_memory_scheme_that_breaks_the_contract(relay: Invoke, tmp_path: Path) -> None:
    scheme = f"{Path(memories.__file__).resolve()}:Invents"
    found = relay("run", "alien(q=3, layers=1)", *USUAL, "--memory", scheme, "--out", tmp_path / "t")
    assert found.status == 2 and found.err.count("\n") == 1
    assert "`files/memories.py:Invents` handed on messages that are not the last ones" in found.err
