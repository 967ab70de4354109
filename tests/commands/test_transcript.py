"""`relay show --transcript` and `relay show --prompt`: what happened can be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from relay.commands import pager
from relay.commands.line_printer import LinePrinter
from relay.records.budget import Budget
from relay.records.events import Acted, Answered, AnyEvent, Cut, Fault, Searched
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.prompting import render
from relay.researcher.turn import TurnContext
from relay.schemes.notes.ledger_page import HEADINGS
from tests.commands.conftest import Invoke
from tests.trial import askers
from tests.trial.helpers import condition, own_events, record, reopen, run, scripted, state
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, LAW, SQUARE

BUDGET = Budget(turns=3, tokens=40_000, context=6_000, evaluations=60)
EVIL = "\x1b]0;title\x07\x1b[31mred \u202etfel"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Two generations of two: squares are found, and fourth powers after them."""
    agent = scripted([state(SQUARE), record("square", EVIL)], [state(FOURTH), state(LAW), {"action": "sing"}])
    run(tmp_path / "a", condition(agent=agent, notes="ledger", generations=2, width=2, budget=BUDGET))
    return tmp_path / "a"


def placed(found: list[str], text: str) -> list[int]:
    """Where each of some texts begins, in a text that has them all."""
    assert all(each in text for each in found), [each for each in found if each not in text]
    return [text.index(each) for each in found]


def test_a_transcript_is_read_in_turns(relay: Invoke, trial: Path) -> None:
    shown = relay("show", trial, "-g", "2", "-t", "1", "--transcript", "--trust")
    assert (shown.status, shown.err) == (0, "")
    order = placed(
        [
            "generation 2, researcher 1", "shown: 1 note,", "  Notes left for you:", "turn 1", "Left: 3 turns",
            "answered (", f"    1. state  {SQUARE}", "    2. record  square", "was told:", "    1. defined: square(",
            "turn 2", "Left: 2 turns", "3. sing", "3. There is no action `sing`", "turn 3", "1. end",
            "over (its own choice): 3 turns",
        ],
        shown.out,
    )  # fmt: skip
    assert order == sorted(order)
    assert "generation 1" not in shown.out and "researcher 2" not in shown.out


def test_what_came_from_outside_is_read_too(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(askers.ASKED, str(tmp_path / "asked.txt"))
    monkeypatch.setenv(askers.FAULTS, ",model")
    truth = f"{Path(askers.__file__).resolve()}:Asker"
    run(tmp_path / "a", condition(agent=scripted([state(SQUARE), state(LAW), state(LAW)]), truth=truth, generations=1))
    text = relay("show", tmp_path / "a", "--transcript", "--trust").out
    assert "asked outside (opinion), coin/toss: false" in text and "coin/toss: it refused" in text
    data = json.loads(relay("show", tmp_path / "a", "--transcript", "--trust", "--json").out)
    said = data["turns"][0]["consulted"]
    assert [(each["text"], each["fault"], each["tokens_in"]) for each in said] == [
        ("false", None, 7),
        ("", "it refused", 0),
    ]


def test_all_generations_are_read_unless_one_is_chosen(relay: Invoke, trial: Path) -> None:
    text = relay("show", trial, "--transcript", "--trust").out
    headings = [line.strip() for line in text.splitlines() if line.startswith(" generation")]
    assert headings == [f"generation {g}, researcher {t}" for g in (1, 2) for t in (1, 2)]
    lines = relay("show", trial, "--transcript", "--trust", "--json", "-t", "2").out.splitlines()
    assert [(data["generation"], data["tenure"]) for data in map(json.loads, lines)] == [(1, 2), (2, 2)]


def test_no_text_sends_commands_to_the_terminal(relay: Invoke, trial: Path) -> None:
    for way in ("--transcript", "--prompt"):
        text = relay("show", trial, way, "--trust").out
        assert "\\x1b]0;title\\x07\\x1b[31mred \\u202etfel" in text
        assert not any(char in text for char in "\x1b\x07\u202e")
    assert EVIL in json.loads(relay("show", trial, "--transcript", "-g", "2", "-t", "1", "--json").out)["shown"]["text"]


def test_credit_is_shown_only_on_request(relay: Invoke, trial: Path) -> None:
    plain, revealed = (relay("show", trial, "--transcript", "--trust", *more).out for more in ((), ("--reveal",)))
    assert "credited" not in plain and "square/1" not in plain
    assert revealed.count("credited: square\n") == 4 and revealed.count("credited: square/1") == 4
    bare, whole = (
        json.loads(relay("show", trial, "--transcript", "-g", "1", "-t", "1", "--json", *more).out)
        for more in ((), ("--reveal",))
    )
    assert all("concepts" not in action for turn in bare["turns"] for action in turn["actions"])
    credit = [(action["concepts"], action["laws"]) for turn in whole["turns"] for action in turn["actions"]]
    assert credit[:4] == [(["square"], []), ([], []), (["fourth"], []), ([], ["square/1"])]


def test_the_keys_of_a_transcript(relay: Invoke, trial: Path) -> None:
    data = json.loads(relay("show", trial, "--transcript", "-g", "2", "-t", "1", "--trust", "--json").out)
    assert list(data) == ["generation", "tenure", "persona", "shown", "turns", "ended", "spent"]
    assert data["shown"]["exact"] and data["shown"]["notes"] == ["1.1.1"]
    assert data["shown"]["callable"] == 1 and data["ended"] == "ended" and data["spent"]["turns"] == 3
    [first, second, _] = data["turns"]
    assert list(first) == [
        "turn",
        "before",
        "searched",
        "answer",
        "actions",
        "cut",
        "told",
        "gone",
        "consulted",
        "faults",
    ]
    assert first["answer"]["text"] == json.dumps({"actions": [state(SQUARE), record("square", EVIL)]})
    assert first["answer"]["inside"] == len(first["answer"]["text"]) and first["cut"] is None
    assert second["actions"][0] == {
        "action": state(FOURTH), "ok": True, "reply": second["told"].splitlines()[0][3:], "needs": None,
    }  # fmt: skip


def altered(trial: Path, events: list[AnyEvent]) -> None:
    """Make the second generation one that has just begun, in which the first researcher's turns are `events`."""
    own = own_events(trial, 2, 1)[:2]
    begun = [
        event.model_copy(update={"generation": 2, "tenure": 1, "turn": 1, "seq": place})
        for place, event in enumerate(events, len(own))
    ]
    reopen(trial, 2, {1: [*own, *begun]})


def test_what_was_cut_and_skipped_is_told(relay: Invoke, trial: Path) -> None:
    first = json.dumps({"actions": [state("nonsense"), record("g"), state(SQUARE)]})
    inside = f'{first[:-2]}, {{"action": "sta'
    text = f"{inside}te, THE REST"
    altered(
        trial,
        [
            Fault(side="machine", kind="Timeout", message="nobody answered"),
            Searched(count=365, digest="0"),
            Answered(
                text=text,
                reasoning="I wonder.",
                tokens_in=9,
                tokens_out=8,
                finish_reason="length",
                inside=len(inside),
            ),
            Acted(action=state("nonsense"), ok=False, reply="ill_formed: no"),
            Acted(action=record("g"), ok=False, reply="", needs="g"),
            Acted(action=state(SQUARE), ok=True, reply="defined"),
            Cut(whole=3, about=9),
        ],
    )
    shown = relay("show", trial, "-g", "2", "--transcript", "--trust").out
    order = placed(
        [
            "the machine failed (Timeout): nobody answered", "searched: 365 evaluations", "thought:\n    I wonder.",
            "answered (8 tokens; cut off", "1. state  nonsense", "2. record  g", "skipped for want of g",
            f"3. state  {SQUARE}", 'not whole: {"action": "sta\n',
            "beyond the allowance:\n    te, THE REST", "was told:", "1. ill_formed: no",
            "3. defined", "Skipped, at no cost: 2 for want of `g`.", "after action 3 of about 9", "not over yet",
        ],
        shown,
    )  # fmt: skip
    assert order == sorted(order)
    data = json.loads(relay("show", trial, "-g", "2", "--transcript", "--trust", "--json").out)
    [turn] = data["turns"]
    assert data["ended"] is None and turn["cut"] == {"whole": 3, "about": 9} and turn["searched"] == 365
    assert (turn["answer"]["text"], turn["answer"]["inside"]) == (text, len(inside))
    assert turn["actions"][1]["needs"] == "g" and turn["faults"][0]["side"] == "machine"


def test_an_open_turn_is_shown_as_far_as_it_has_come(relay: Invoke, trial: Path) -> None:
    altered(trial, [Answered(text='{"actions": []}', tokens_in=1, tokens_out=1)])
    shown = relay("show", trial, "-g", "2", "--transcript", "--trust").out
    assert "answered (1 token)" in shown and "was told" not in shown and "not over yet" in shown


def test_a_turn_without_an_answer_is_shown(relay: Invoke, trial: Path) -> None:
    altered(trial, [Fault(side="machine", kind="Timeout", message="nobody answered")])
    assert "no answer yet" in relay("show", trial, "-g", "2", "--transcript", "--trust").out


def test_actions_that_were_not_carried_out_are_told_apart(relay: Invoke, tmp_path: Path) -> None:
    agent = scripted([{"action": "end"}, state(SQUARE)])
    run(tmp_path / "a", condition(agent=agent, generations=1))
    shown = relay("show", tmp_path / "a", "--transcript", "--trust").out
    assert f"1. end\n    2. state  {SQUARE}\n    (not carried out)\n" in shown


def test_answers_in_prose_are_shown_as_they_are(relay: Invoke, tmp_path: Path) -> None:
    prose = f"I try this.\n```relay\n{SQUARE}\n```\nDone."
    fenced = "Here it is:\n```json\n" + json.dumps({"actions": [state(FOURTH)]}) + "\n```"
    run(tmp_path / "a", condition(agent=scripted(prose, fenced, "nothing at all"), generations=1))
    shown = relay("show", tmp_path / "a", "--transcript", "--trust").out
    assert prose.replace("\n", "\n    ") in shown
    assert f"    Here it is:\n    1. state  {FOURTH}" in shown
    assert "    nothing at all\n  was told:\n    The turn is lost: " in shown


# --- the messages themselves -----------------------------------------------------------------------------------------


def test_prompts_are_the_messages_that_were_sent(relay: Invoke, tmp_path: Path) -> None:
    sent: list[tuple[Message, ...]] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        sent.append(render(view))
        return Answer(text=json.dumps({"actions": [state(SQUARE), record("square")]}))

    run(tmp_path / "a", condition(agent=puppet("sent", answer), generations=2, budget=BUDGET))
    lines = relay("show", tmp_path / "a", "--prompt", "--trust", "--json").out.splitlines()
    turns = [turn for line in lines for turn in json.loads(line)["turns"]]
    assert [turn["messages"] for turn in turns] == [[each.model_dump() for each in messages] for messages in sent]
    assert all(json.loads(turn["answer"])["actions"][0] == state(SQUARE) for turn in turns)
    text = relay("show", tmp_path / "a", "-g", "2", "--prompt", "--trust").out
    order = placed(
        [
            "message 1, system:", "message 2, user:", "    Notes left for you:", "answer:\n    {",
            "messages 1 to 2: as before without what ended the last", "message 3, assistant:\n    the answer above",
            "message 4, user:",
        ],
        text,
    )  # fmt: skip
    assert order == sorted(order) and text.count("message 1, system:") == 1
    everything = " ".join(text.split())
    assert all(" ".join(messages[-1].content.split()) in everything for messages in sent[3:])


def test_prompts_are_in_the_words_of_the_disguise(relay: Invoke, tmp_path: Path) -> None:
    small = ("alien(layers=2, width=1, q=3)", "-g", "2", "--workers", "0", "--quiet")
    assert relay("run", *small, "--model", "mock/explorer", "--disguise", "7", "--out", tmp_path / "a").status == 0
    told = relay("show", tmp_path / "a", "--prompt", "--json")
    assert (told.status, told.err) == (0, "") and "define" in told.out and "Element" not in told.out
    assert "Element" not in relay("show", tmp_path / "a", "--prompt").out
    assert "Element" in relay("show", tmp_path / "a", "--transcript").out


def test_code_of_a_trial_is_run_only_if_it_is_trusted(relay: Invoke, trial: Path) -> None:
    refused = relay("show", trial, "--prompt")
    assert (refused.status, refused.out) == (2, "") and "give --trust to run it" in refused.err
    shown = relay("show", trial, "--transcript", "-g", "2")
    assert shown.status == 0 and "the pages of notes are not shown as they were laid out" in shown.err
    assert "the texts of these notes" in shown.out and "red \\u202etfel" in shown.out
    assert "Left: " not in shown.out and "1. defined: square" in shown.out


def test_prompts_that_can_not_be_computed_again_are_refused(
    relay: Invoke, trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = dict.fromkeys(HEADINGS, "Some other words:")
    monkeypatch.setattr("relay.schemes.notes.ledger_page.HEADINGS", others)
    refused = relay("show", trial, "--prompt", "-g", "2", "--trust")
    assert refused.status == 2 and "g2-t1 can't be computed again" in refused.err
    assert relay("show", trial, "--prompt", "-g", "1", "--trust").status == 0


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("-t", "1"), "belongs to --transcript and --prompt"),
        (("--reveal",), "belongs to --transcript"),
        (("--transcript", "-g", "3"), "has no generation 3 (1 to 2 have ended)"),
        (("--transcript", "-t", "3"), "no number 3"),
        (("--transcript", "--prompt"), "not both"),
    ],
)
def test_what_is_not_there_is_one_line(relay: Invoke, trial: Path, options: tuple[str, ...], why: str) -> None:
    refused = relay("show", trial, *options)
    assert (refused.status, refused.out, refused.err.count("\n")) == (2, "", 1) and why in refused.err


# --- the pager -------------------------------------------------------------------------------------------------------


def test_a_pager_is_used_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("PAGER", "cat -v")
    assert pager.pager_command() == []
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert pager.pager_command() == ["cat", "-v"]
    for none in ("", "'", "no-such-program-at-all"):
        monkeypatch.setenv("PAGER", none)
        assert pager.pager_command() == []


def paged(monkeypatch: pytest.MonkeyPatch, command: str, text: list[str], style: str = "") -> None:
    monkeypatch.setattr(pager, "pager_command", lambda: ["sh", "-c", command])
    with pager.reading_console() as console:
        printer = LinePrinter(console)
        for line in text:
            printer.line(line, style)


def test_what_is_paged_is_whole_and_coloured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm")
    paged(monkeypatch, f"cat > {tmp_path / 'read'}", ["one", "two"], "bold")
    assert (tmp_path / "read").read_text() == "\x1b[1mone\x1b[0m\n\x1b[1mtwo\x1b[0m\n"


def test_who_closes_the_pager_has_read_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    paged(monkeypatch, "exit 0", ["a line"] * 20_000)


def test_lines_are_broken_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = "    " + "word " * 40
    paged(monkeypatch, f"cat > {tmp_path / 'read'}", [long])
    lines = (tmp_path / "read").read_text().splitlines()
    assert len(lines) > 3 and all(len(line) <= 60 and line.startswith("    word") for line in lines)
