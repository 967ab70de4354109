"""The human seat: what is shown, what can be typed, how the clock runs, and what crosses to the next person."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.human import Human
from agents.human.clock import Clock, in_words
from agents.human.forms import ActionForm, Mistyped, read_forms
from agents.human.layout import laid_out
from agents.human.page import still_left
from agents.human.pipe import Pipe
from agents.human.screen import Screen
from relay.errors import UsageError
from relay.notation.reference import summary
from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.researcher.actions import answer_schema
from relay.researcher.answers import BadAction, read_answer
from relay.researcher.observation import Reply
from relay.researcher.prompting import LAST, describe_given, notation_in_short, render_replies, the_task
from relay.schemes.notes import Journal, Ledger
from relay.trial.directory import load_trial
from relay.trial.resolve import resolve_condition
from tests.agents.explorer.test_from_text import task, view_of
from tests.agents.terminal import CLEARED, ROOT, Terminal
from tests.trial.helpers import condition, events, of_type, run

TWICE = "define twice(x: Element) -> Element = op(x, x)"
SMALL = ("-m", "relay", "run", "alien(q=3, layers=2, width=1)", "--agent", "human", "--workers", "0", "--no-cache")

Sit = Callable[..., str]


def seat(**options: Any) -> Condition:
    """A toy trial with a person in it."""
    budget = {"turns": 9, "tokens": 400_000, "context": 40_000, "evaluations": 9, **options.pop("budget", {})}
    return condition(agent="human", **{"generations": 1, "budget": Budget(**budget), **options})


@pytest.fixture
def sit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Sit]:
    """Run a trial with these lines in a pipe, and return the output. `open` keeps the pipe open afterwards."""
    ends = []

    def sat(chosen: Condition, *lines: str, open: bool = False) -> str:
        reading, writing = os.pipe()
        os.write(writing, "".join(f"{line}\n" for line in lines).encode())
        if open:
            ends.append(writing)
        else:
            os.close(writing)
        with os.fdopen(reading) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            run(tmp_path, chosen)
        return " ".join(capsys.readouterr().err.split())

    yield sat
    for end in ends:
        os.close(end)


# --- at a terminal ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_relay_of_two_at_a_terminal(tmp_path: Path) -> None:
    """Two people define, evaluate, note and open. Only the notes of the first one reach the second."""
    with Terminal(*SMALL, "-g", "2", "--out", tmp_path / "trial") as screen:
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.wait("There are no notes for you.")
        screen.enter("sesame", "define idle(x: Element) -> Element =", "  x", "= 2 + 2", "")
        screen.wait("`sesame` is no action or command")
        screen.wait("defined: idle(x: Element) -> Element.")
        screen.wait("Left: 99 turns")
        screen.enter("record idle remark: it does nothing", "")
        screen.wait("Recorded as 1.1.1; shown.")
        screen.enter("end")
        screen.wait("Hand the chair to the next person.")
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.wait("it does nothing")
        screen.ready()
        screen.type("\x1b[A\r")  # the arrow key does not bring back a line of the first person
        screen.wait("There is nothing to send.")
        screen.enter("open 1.1.1", "end")
        screen.wait("of 2 concepts")
        assert screen.close() == 0
    assert "sesame" not in screen.raw.rpartition(CLEARED)[2] and CLEARED in screen.raw
    assert "━" not in screen.raw, "a progress line was drawn"
    found = [event for event in events(tmp_path / "trial") if event.type in ("judged", "note_opened", "tenure_ended")]
    assert [event.type for event in found] == ["judged", "tenure_ended", "note_opened", "tenure_ended"]
    assert found[0].source == "define idle(x: Element) -> Element =\n  x"
    assert [event.reason for event in found if event.type == "tenure_ended"] == ["ended", "ended"]
    assert [found[place].spent.evaluations for place in (1, 3)] == [2, 0]


@pytest.mark.slow
def test_stopped_and_gone_on_with(tmp_path: Path) -> None:
    """Ctrl-C stops the trial. After `relay resume` the person sees everything again."""
    with Terminal(*SMALL, "-g", "1", "--out", tmp_path / "trial") as screen:
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.wait("Your turn")
        screen.enter("define idle(x: Element) -> Element = x", "")
        screen.wait("Left: 99 turns")
        screen.ready()
        screen.type("claim (x: Ele\x03")
        screen.wait("stopped; nothing is lost")
        assert screen.close() == 130
    with Terminal("-m", "relay", "resume", tmp_path / "trial", "--workers", "0", "--no-cache") as screen:
        screen.wait("The same person continues")
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.wait("There are no notes for you.")
        screen.wait("define idle(x: Element) -> Element = x")
        screen.wait("defined: idle(x: Element) -> Element.")
        screen.wait("Left: 99 turns")
        screen.ready()
        screen.type("\x04")
        assert screen.close() == 0
    assert len(of_type(tmp_path / "trial", "answered")) == 2
    (broken,) = of_type(tmp_path / "trial", "broken_off")
    (ended,) = of_type(tmp_path / "trial", "tenure_ended")
    assert broken.turn == 2 and 0 < broken.seconds < ended.spent.seconds


@pytest.mark.slow
def test_time_runs_out_while_somebody_types(tmp_path: Path) -> None:
    """At the end of the time unsent actions are lost, and the next typed line belongs to the next person."""
    with Terminal(ROOT / "tests/agents/sit.py", tmp_path, "1.5") as screen:
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.wait("Your turn")
        screen.enter(TWICE)
        screen.type("claim (x: Ele")
        screen.wait("Time is up. Lines that were not sent are lost.")
        screen.wait("Hand the chair to the next person.")
        screen.wait("Press Enter to begin")
        screen.enter("ment): x == x", "")
        screen.wait("Your turn")
        assert screen.close() == 0
    assert [event.reason for event in of_type(tmp_path, "tenure_ended")] == ["seconds", "seconds"]
    assert not of_type(tmp_path, "judged")


# --- through a pipe --------------------------------------------------------------------------------------------------


def test_the_clock_runs_out_while_nobody_types(tmp_path: Path, sit: Sit) -> None:
    shown = sit(seat(budget={"seconds": 0.3}), "", TWICE, open=True)
    assert "Time is up. Lines that were not sent are lost." in shown
    assert [event.reason for event in of_type(tmp_path, "tenure_ended")] == ["seconds"]
    assert not of_type(tmp_path, "judged")


def test_the_same_observation(tmp_path: Path, sit: Sit) -> None:
    """Everything that a model would read is on the screen. Commands that show it again cost nothing."""
    chosen = seat()
    lines = ("", "notation", "notes", "task", "left", "help", TWICE, "end")
    shown = sit(chosen, *lines)
    view = view_of(load_trial(tmp_path, trust=True).task)
    given = view.observation.given
    pieces = [view.observation.brief, describe_given(given), notation_in_short(given), summary(False)]
    pieces += re.split(r"\{[^}]*\}", Ledger().instructions())
    pieces += [phenomenon.text for phenomenon in view.observation.phenomena]
    for piece in pieces:
        assert " ".join(piece.split()) in shown
    for kind in Ledger.actions:
        form = read_forms(answer_schema(Ledger.actions))[kind.model_fields["action"].default]
        assert shown.count(form.example) == 3  # with the task, both times, and in `help`
    assert '"action"' not in shown
    assert [event.spent.turns for event in of_type(tmp_path, "tenure_ended")] == [1]


def test_replies_come_back_as_they_are(tmp_path: Path, sit: Sit) -> None:
    shown = sit(seat(), "", TWICE, "claim (x: Element): twice(x) != x", "", "end")
    replies = [Reply(action="state", ok=True, text=event.reply) for event in of_type(tmp_path, "acted")][:2]
    assert "x = 3" in replies[1].text
    assert " ".join(render_replies(replies).split()) in shown


def test_the_end_of_the_input_ends_the_tenure_and_then_nobody_sits(tmp_path: Path, sit: Sit) -> None:
    with pytest.raises(UsageError, match="before anybody took the chair"):
        sit(seat(generations=2), "", TWICE)
    assert [event.reason for event in of_type(tmp_path, "tenure_ended")] == ["ended"]
    assert [event.source for event in of_type(tmp_path, "judged")] == [TWICE]
    sit(seat(generations=2), "", "end")
    assert load_trial(tmp_path, trust=True).state.ended == "completed"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["defin x"], "did you mean `define`?"),
        (["what now"], "`help` lists what you can type"),
        ([""], "There is nothing to send."),
        (["undo"], "There is nothing to undo."),
        (["end it"], "`end` takes no value; type it alone on its line."),
        (["evaluate"], "The term is missing"),
        (["match"], "The term is missing; type `match (x: TYPE): TERM`."),
        (["claim (x: Element): op(x,", ""], "The statement was not complete"),
        ([f"define x() -> Nat = {'1 + ' * 1000}1"], "may have at most 4000 characters"),
        (["open", "1" * 5000, "."], "may have at most 4000 characters"),
        (["open", ""], "All fields of `open` are empty; the action is dropped."),
        (["= 1", *["= 2"] * 32, *["undo"] * 32], "the most for one turn"),
    ],
)
def test_a_mistyped_line_is_told_at_once_and_costs_nothing(
    tmp_path: Path, sit: Sit, lines: list[str], told: str
) -> None:
    assert told in sit(seat(), "", *lines, "end")
    (ended,) = of_type(tmp_path, "tenure_ended")
    assert (ended.spent.turns, ended.spent.evaluations) == (1, 0)
    assert [event.action["action"] for event in of_type(tmp_path, "acted")] == ["end"]


def test_budgets_are_kept_and_the_last_turn_is_announced(tmp_path: Path, sit: Sit) -> None:
    shown = sit(seat(budget={"turns": 2, "evaluations": 1}), "", TWICE, "", "= op(1, 2)", "", "never read")
    assert shown.count(LAST) == 1 and shown.index(LAST) > shown.index("[1] >")
    (ended,) = of_type(tmp_path, "tenure_ended")
    assert (ended.reason, ended.spent.turns, ended.spent.evaluations) == ("turns", 2, 1)
    assert [event.ok for event in of_type(tmp_path, "acted")] == [True, False]


@pytest.mark.parametrize(
    ("schemes", "told"),
    [
        ({}, "Your successor gets the notes that you leave."),
        ({"notes": "none"}, "Nothing is passed on."),
        ({"notes": "none", "memory": "immortal"}, "Your successor gets the conversation on this screen."),
        ({"notes": "none", "memory": "summary(across=true)"}, "Your successor gets your latest summary."),
    ],
)
def test_who_sits_down_is_told_what_is_passed_on(tmp_path: Path, sit: Sit, schemes: dict[str, str], told: str) -> None:
    assert told in " ".join(sit(seat(**schemes), "", "end").split())


def test_a_term_of_several_lines(tmp_path: Path, sit: Sit) -> None:
    matches = ["match (x: Element):", "op(x, term)", "match twice"]
    shown = sit(seat(), "", "= op(1,", "2)", "evaluate twice(1)", "= evaluate(1)", *matches, "end")
    asked = [(event.action["action"], event.action.get("term")) for event in of_type(tmp_path, "acted")]
    assert asked[:5] == [
        ("evaluate", "op(1,\n2)"), ("evaluate", "twice(1)"), ("evaluate", "evaluate(1)"),
        ("match", "(x: Element):\nop(x, term)"), ("match", "twice"),
    ]  # fmt: skip
    assert "... 2)" in shown


@pytest.mark.slow
def test_a_paste_of_several_statements(tmp_path: Path) -> None:
    with Terminal(ROOT / "tests/agents/sit.py", tmp_path, "50") as screen:
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.ready()
        screen.type(
            f"\x1b[200~{TWICE}\n\nclaim (x: Element):\n  twice(x) == op(x, x)\n= op(1, 2)\nnonsense\n\x1b[201~\r"
        )
        screen.wait("`nonsense` is no action or command")
        screen.ready()
        screen.enter("end")
        screen.wait("Hand the chair")
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.ready()
        screen.enter("end")
        assert screen.close() == 0
    actions = [event.action["action"] for event in of_type(tmp_path, "acted")]
    assert actions == ["state", "state", "evaluate", "end", "end"]


def test_several_seats_take_turns_at_the_one_chair(tmp_path: Path, sit: Sit) -> None:
    """Each person sits for a whole tenure, and reads the notes as they stood when the generation began."""
    shown = sit(seat(width=2), "", TWICE, "", "record twice", "", "", "end", "", "end")
    assert shown.count("There are no notes for you.") == 2
    assert [event.tenure for event in of_type(tmp_path, "judged")] == [1]
    assert [event.spent.turns for event in of_type(tmp_path, "tenure_ended")] == [3, 1]


def test_a_value_of_several_lines(tmp_path: Path, sit: Sit) -> None:
    text = ["Words first (", "", "```relay", TWICE, "```"]
    sit(seat(notes="journal"), "", TWICE, "write", *text, ".", "# nothing", "end")
    (note,) = [event for event in of_type(tmp_path, "note_changed") if not event.applied]
    assert note.text == "\n".join(text)
    assert len(note.statements) == 1


def test_a_file_can_be_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lines").write_text(f"\n{TWICE}\nend\n", encoding="utf-8")
    with (tmp_path / "lines").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        run(tmp_path / "trial", seat())
    assert len(of_type(tmp_path / "trial", "judged")) == 1


def test_without_any_input_nothing_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(UsageError, match="reads standard input"):
        run(tmp_path, seat())


# --- the parts -------------------------------------------------------------------------------------------------------


def test_a_line_that_is_not_waited_for_any_more_swallows_nothing() -> None:
    async def wait_twice(reading: int, writing: int) -> str:
        pipe = Pipe(reading, Screen())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await pipe.line(list)
        os.write(writing, b"the next\n")
        return await pipe.line(list)

    reading, writing = os.pipe()
    try:
        assert asyncio.run(wait_twice(reading, writing)) == "the next"
    finally:
        os.close(reading)
        os.close(writing)


def test_tokens_are_told_of_where_they_may_run_out() -> None:
    view = view_of(task("alien"))

    def told(budget: Budget) -> str:
        spent = Spent(turns=1, tokens_in=900, tokens_out=100, evaluations=2, seconds=20)
        observation = view.observation.model_copy(update={"budget": budget})
        return still_left(view.model_copy(update={"observation": observation, "spent": spent}))

    assert told(Human.usual) == "Left: 99 turns, 198 evaluations, 9 minutes 40 seconds."
    short = Budget(turns=9, tokens=400_000, context=40_000, evaluations=9)
    assert told(short) == "Left: 8 turns, 7 evaluations, 399,000 tokens."


def test_ten_minutes_are_usual() -> None:
    assert Human.usual.seconds == 600
    assert resolve_condition("alien", agent="human").agent.name == "human"
    assert in_words(600) == "10 minutes" and in_words(61) == "1 minute 1 second" and in_words(0.2) == "0 seconds"


def test_little_time_is_announced_once_each() -> None:
    told: list[str] = []
    clock = Clock(120.02)
    assert clock.face()[1] == "2:00 "

    async def a_moment() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await clock.warn(told.append)

    asyncio.run(a_moment())
    assert told == ["2 minutes left"]
    assert clock.face() == ("ansiyellow", "1:59 ")
    assert Clock(None).face() == ("", "") and not Clock(None).up


@pytest.mark.parametrize("scheme", [Ledger(), Journal()])
def test_every_action_of_a_scheme_can_be_typed(scheme: Any) -> None:
    for form in read_forms(answer_schema(scheme.actions)).values():
        given = form.given(" ".join(f"{field}: some words" for field in form.fields))
        assert given == dict.fromkeys(form.fields, "some words")
        text = json.dumps({"actions": [{"action": form.name, **given}]})
        (action,) = read_answer(text, scheme.actions)
        assert not isinstance(action, BadAction)


def test_fields_on_a_line() -> None:
    form = ActionForm("put", {"what": {"type": "string"}, "sure": {"type": "boolean"}, "how": {"enum": ["a", "b"]}})
    assert form.given("what: it sure: true") == {"what": "it", "sure": "true"}
    assert form.given("claim (x: Nat): x == x how: a") == {"what": "claim (x: Nat): x == x", "how": "a"}
    assert form.given("the text what: is what: it") == {"what": "the text what: is what: it"}
    assert form.given("") == {}
    assert form.value("sure", "true") is True and form.value("how", "b") == "b"
    for field, wrong in (("sure", "perhaps"), ("how", "c")):
        with pytest.raises(Mistyped, match=field):
            form.value(field, wrong)


@pytest.mark.parametrize("name", ["alien", "linear_algebra"])
def test_what_is_laid_out_fits_and_is_whole(name: str) -> None:
    view = view_of(task(name))
    text = f"{the_task(view.observation, 'Answer.')}\n\n{summary(True)}"
    shown = laid_out(text, 80)
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.split() == text.split()
    rows = [line for line in shown.splitlines() if " -> " in line and "; " in line]
    assert all(row.count(", ") == row.count(" -> ") for row in rows[:8] if row.endswith(";")), "a row of a table is cut"
    fenced = f"```relay\n{'define f() -> Nat = 1' + ' + 1' * 40}\n```"
    assert laid_out(fenced, 80) == fenced
    assert laid_out("up\x1b[2J and\taway\x9b1m\n", 80) == "up\\x1b[2J and\taway\\x9b1m\n"
