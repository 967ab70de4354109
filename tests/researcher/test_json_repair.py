"""Answers that are almost in the requested form are read; nothing is added to them, and any text is read quickly."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relay.errors import ModelFault
from relay.records.budget import Budget
from relay.researcher.actions import End, Evaluate, State
from relay.researcher.answers import read_answer, was_mended
from relay.researcher.json_repair import LONGEST, mended
from relay.trial.charging import KEPT
from tests.trial.helpers import condition, events, of_type, run, scripted
from tests.trial.helpers import state as stating
from tests.trial.toy import SQUARE

CLAIM = "claim (x: Element): op(x, 1) == x"
ONE = {"action": "state", "source": CLAIM}
WHOLE = json.dumps({"actions": [ONE, {"action": "end"}]})


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{WHOLE}\n```",
        f"Here you are:\n```\n{WHOLE}\n```\nI hope that {{this}} helps [1].",
        f"I look at f(x) = {{0, 1}} first. {WHOLE} That is all.",
        WHOLE.replace("}]", "},]").replace("]}", "],}"),
        str({"actions": [ONE, {"action": "end"}]}),
        json.dumps([ONE, {"action": "end"}]),
        json.dumps([ONE, {"action": "end"}], indent=2),
        f"<think>{WHOLE}</think>{[ONE, {'action': 'end'}]!s}",
        WHOLE.replace("op(x, 1)", "op(x,\n  1)"),
    ],
)
def test_what_nearly_is_an_answer_is_read(text: str) -> None:
    first, last = read_answer(text, ())
    assert isinstance(first, State) and first.source.split() == CLAIM.split() and isinstance(last, End)
    assert was_mended(text)


def test_one_action_may_stand_alone() -> None:
    assert read_answer("{'term': 'it\\'s \"1\"', 'action': 'evaluate'}", ()) == [Evaluate(term='it\'s "1"')]


@pytest.mark.parametrize("text", [WHOLE, f" {WHOLE}\n", f"so\n```relay\n{CLAIM}\n```", f"<think>hm</think>{WHOLE}"])
def test_what_has_its_form_needs_no_mending(text: str) -> None:
    assert read_answer(text, ())[0] == State(source=CLAIM)
    assert not was_mended(text)


def test_statements_in_fences_go_before_json_in_prose() -> None:
    text = f"The note says {WHOLE} and I try\n```relay\nclaim (x: Element): x == x\n```"
    assert read_answer(text, ()) == [State(source="claim (x: Element): x == x")] and not was_mended(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{WHOLE} {WHOLE}", "several answers"),
        (WHOLE[:-3], "is missing"),
        (WHOLE[:40], "does not end"),
        (WHOLE.replace("op(x, 1)", 'op("x", 1)'), "is missing"),
        (f'{{"actions": [{{"action": "state", "source": broken}}]}} {WHOLE}', "a value is missing"),
        (f"Well: {{'actions': [{{'action': 'state' 'source': '{WHOLE}'}}]}}", "is missing"),
        ('{"actions": "x"}', 'no list "actions"'),
        ('{"plan": {"actions": [{"action": "end"}]}}', 'no list "actions"'),
        ('[{"action": "end"}, 3]', "neither a JSON object"),
        ('{"actions": [{"action": "end", "n": 1e999},]}', "can.t be logged"),
        ('{"actions": [{"action": "state", "source": "\\ud800"},]}', "can.t be logged"),
        ('{"actions": ' + "[" * 40 + "]" * 40 + ",}", "deep"),
        (f"x{' ' * LONGEST}{WHOLE}", "characters"),
        ("", "neither a JSON object"),
    ],
)
def test_what_is_not_there_is_not_made_up(text: str, told: str) -> None:
    with pytest.raises(ModelFault, match=told):
        read_answer(text, ())
    assert not was_mended(text)


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in (key, *strings(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


PIECES = st.sampled_from(
    [
        *"{}[],:'\" \n",
        '\\"',
        "\\'",
        "\\\\",
        '"action"',
        "'action'",
        '"actions"',
        '"end"',
        '"source": "claim',
        "True",
        "x",
        "",
    ]
)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


TOKENS = re.findall(r'"[^"]*"|[^"]', WHOLE)
CHANGES = st.dictionaries(st.integers(0, len(TOKENS) - 1), st.lists(PIECES, max_size=3).map("".join), max_size=3)


@settings(max_examples=600, deadline=None)
@given(CHANGES, st.lists(PIECES, max_size=30), st.booleans())
@example({TOKENS.index(json.dumps(CLAIM)): "x"}, [], False)
@example({TOKENS.index(json.dumps(CLAIM)): ""}, [], False)
def test_every_string_that_is_read_stands_in_the_text(changes: dict[int, str], noise: list[str], only: bool) -> None:
    text = "".join(noise if only else [changes.get(at, token) for at, token in enumerate(TOKENS)])
    try:
        found = mended(text)
    except ValueError:
        return
    assert found == mended(text)
    for word in strings(found):
        assert letters(word) in letters(text) and len(word) <= len(text)


UNITS = ["x", "[", '{"a":', '{"a":1} ', '{"a": "', " ", '["x",', "\\", "'", "{'", "[ {", "`", '{"action": "end"} ']


@pytest.mark.parametrize("unit", UNITS)
def test_any_text_is_read_in_no_time(unit: str) -> None:
    for size, opening in ((10_000_000, '{"actions": ["'), (LONGEST - 20, '{"actions": ['), (LONGEST - 20, "")):
        text = opening + unit * (size // len(unit))
        began = time.process_time()
        with pytest.raises(ModelFault):
            read_answer(text, ())
        assert time.process_time() - began < 3


def test_the_log_says_which_answers_were_mended(tmp_path: Path) -> None:
    agent = scripted(str({"actions": [stating(SQUARE)]}), [stating(SQUARE)], "words")
    run(tmp_path / "a", condition(agent=agent, generations=1))
    lines = [event.model_dump_json() for event in of_type(tmp_path / "a", "answered")]
    assert ['"mended":true' in line for line in lines] == [True, False, False]
    assert ['"mended"' in line for line in lines] == [True, False, False]
    assert [event.ok for event in of_type(tmp_path / "a", "acted")] == [True, True]


def test_of_an_answer_that_is_far_too_long_the_log_keeps_the_beginning(tmp_path: Path) -> None:
    budget = Budget(turns=2, tokens=40_000, context=6_000, evaluations=9)
    run(tmp_path / "a", condition(agent=scripted("é" * 1_000_000, [stating(CLAIM)]), budget=budget, generations=1))
    first, second = of_type(tmp_path / "a", "answered")
    assert (first.text, first.finish_reason) == ("é" * (first.inside + KEPT), "too_long")
    assert first.tokens_in + first.tokens_out < 6_000 and second.fault == ""
    assert first.excess == 500_000 + 4 - first.tokens_out and 1.9 * first.tokens_out < first.inside
    fault = next(event for event in events(tmp_path / "a") if event.type == "fault")
    assert "no action in it was whole" in fault.message
    assert (tmp_path / "a/events.jsonl").stat().st_size < 100_000


@pytest.mark.parametrize(
    "text", ['{"actions": [{"action": "state", "source": %s}]}', '{"a-b": %s}', 'So: [{"action": %s}]']
)
def test_a_number_of_too_many_digits_is_told_in_own_words(text: str) -> None:
    with pytest.raises(ModelFault, match=r"its JSON can't be read \(.*a number has too many digits\)") as fault:
        read_answer(text % ("7" * 6_000), ())
    assert "4300" not in str(fault.value)
