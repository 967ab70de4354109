"""Of an answer that was cut off, the whole actions count; half an action is never completed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.errors import ModelFault
from relay.researcher.actions import Action, State
from relay.researcher.answers import estimated_actions, is_json, read_actions, read_answer, read_cut_answer
from relay.schemes.notes import Ledger

SOURCES = ["define f(x: E) -> E = x", 'with "quotes", {braces} and [brackets]', "a\nb\\c'd", "``` é ```", ""]
ITEMS = st.lists(
    st.one_of(
        st.builds(lambda source: {"action": "state", "source": source}, st.sampled_from(SOURCES)),
        st.builds(lambda text: {"action": "record", "statement": text, "remark": "}]"}, st.sampled_from(SOURCES)),
        st.just({"action": "end"}),
    ),
    min_size=1,
    max_size=6,
)


def sources(text: str) -> list[str]:
    return [action.source for action in read_cut_answer(text, ()).actions if isinstance(action, State)]


@settings(max_examples=200, deadline=None)
@given(ITEMS, st.booleans(), st.sampled_from([None, 2]), st.sampled_from(["", "<think>[{ so</think>", "```json\n"]))
def test_every_cut_of_a_json_answer_gives_its_whole_actions(
    items: list[dict[str, str]], ascii: bool, indent: int | None, before: str
) -> None:
    thoughts = {"thoughts": "I [think} that"} if ascii else {}
    text = before + json.dumps({**thoughts, "actions": items}, ensure_ascii=ascii, indent=indent)
    every = read_answer(text, Ledger.actions)
    ends, at = [], text.index('"actions"')
    for item in items:
        written = json.dumps(item, ensure_ascii=ascii, indent=indent)
        at = text.index("}", _end_of(text, at)) if indent else text.index(written, at) + len(written) - 1
        at += 1
        ends.append(at)
    for cut in range(len(text) + 1):
        whole = sum(end <= cut for end in ends)
        if not whole:
            with pytest.raises(ModelFault, match="before its first action was whole"):
                read_cut_answer(text[:cut], Ledger.actions)
            continue
        read = read_cut_answer(text[:cut], Ledger.actions)
        assert read.actions == every[:whole]
        assert read.whole == (cut >= text.rindex("}") + 1)
        assert is_json(text[:cut])


def _end_of(text: str, at: int) -> int:
    """The place before the `}` that ends the next object after `at`, found by reading it as JSON."""
    start = text.index("{", at)
    return start + json.JSONDecoder().raw_decode(text[start:])[1] - 1


def test_blank_lines_after_a_whole_answer_cut_nothing() -> None:
    text = '{"actions": [{"action": "state", "source": "s"}]}'
    assert read_cut_answer(text + "\n" * 9_000, ()).whole
    assert read_cut_answer('{"actions": []}\n', ()) == ([], True)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_pythons_quotes_are_read_up_to_the_cut_too(quote: str) -> None:
    text = str({"actions": [{"action": "state", "source": f"it{quote}s"}, {"action": "state", "source": "cut"}]})
    for cut in range(text.index("}") + 1, text.rindex("}") - 1):
        assert sources(text[:cut]) == [f"it{quote}s"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```relay\ndefine f(x: E) -> E = x", []),
        ("```relay\ndefine f(x: E) -> E = x\n", []),
        ("```relay\ndefine f(x: E) -> E = x\ndefine g(", ["define f(x: E) -> E = x"]),
        ("```relay\ndefine f(x: E) -> E = x\n```\nwords", ["define f(x: E) -> E = x"]),
        ("```relay\nclaim a: 1\n```\n```relay\nclaim b: 1", ["claim a: 1"]),
    ],
)
def test_in_an_open_fence_a_statement_is_whole_only_if_another_follows(text: str, found: list[str]) -> None:
    if not found:
        with pytest.raises(ModelFault):
            read_cut_answer(text, ())
        return
    read = read_cut_answer(text, ())
    assert [action.source for action in read.actions if isinstance(action, State)] == found
    assert not read.whole  # more fences might have come


def test_a_fence_inside_a_string_that_was_cut_is_no_statement() -> None:
    """The string has line breaks, which are mended. Its author did not state what it quotes."""
    text = '{"actions": [{"action": "write", "text": "see\n```relay\nclaim a: 1\nclaim b: 1\n```\n and'
    with pytest.raises(ModelFault):
        read_cut_answer(text, ())


@pytest.mark.parametrize(
    "text", ["", "{", '{"actions"', '{"actions": [', '{"actions": [{"action": "end"', "[[[[", "}}]"]
)
def test_what_holds_no_whole_action_is_a_fault(text: str) -> None:
    with pytest.raises(ModelFault):
        read_cut_answer(text, ())


def test_an_object_inside_an_action_is_no_action() -> None:
    nested = '{"actions": [{"action": "state", "source": {"action": "end"}'
    with pytest.raises(ModelFault):
        read_cut_answer(nested, ())
    (only,) = read_cut_answer(nested + '}, {"action": "sta', ()).actions
    assert isinstance(only, Action) and not isinstance(only, State)
    assert sources('{"actions": [{"action": "state", "source": "s"}, {"action": "state", "source": {"a": 1}') == ["s"]


def test_json_that_breaks_off_is_cut_whatever_its_model_says() -> None:
    text = '{"actions": [{"action": "state", "source": "s"}, {"action": "state", "sour'
    read = read_actions(text, (), cut=False)
    assert [action.source for action in read.actions if isinstance(action, State)] == ["s"] and not read.whole
    for wrong in ('{"actions": [{"action": "end"}, nonsense}]}', text[:30]):
        with pytest.raises(ModelFault, match="can't be"):  # it does not break off, or has no whole action
            read_actions(wrong, (), cut=False)


def test_an_answer_that_is_quoted_before_one_that_breaks_off_is_not_taken_for_it() -> None:
    quoted = 'The note says {"actions": [{"action": "end"}]}, but I will not. {"actions": [{"action": "state", "so'
    with pytest.raises(ModelFault):
        read_cut_answer(quoted, ())


def test_prose_in_brackets_is_no_beginning() -> None:
    text = '[plan] two steps\n{"actions": [{"action": "state", "source": "s"}, {"act'
    assert sources(text) == ["s"]


def test_actions_are_estimated_in_an_answer_that_can_not_be_read() -> None:
    assert estimated_actions('{"actions": [{"action": "end"}, {"action":"state", "sou') == 2
    assert estimated_actions("```relay\nclaim a: 1\nclaim b: 1\n```") == 2
    assert estimated_actions("words") == 0
