"""Names for each reader: definitions that were read can be called, two with one name are told apart, no table is
shared.
"""

from __future__ import annotations

import json
from pathlib import Path

from relay.notation import Scope, fences, read_statement, split_statements
from relay.notation.syntax import Definition
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from relay.schemes.notes.linking import close_fences
from tests.trial.helpers import condition, of_type, record, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, SQUARE, Toy

FIRST = "define f(x: Element) -> Element = op(x, x)"
SECOND = "define f(x: Element) -> Element = op(x, op(x, x))"
THIRD = "define g(x: Element) -> Element = f(f(x))"


def library(text: str) -> dict[str, Definition]:
    """Definitions in the fences of a text, read in order as their reader would."""
    scope = Scope(Toy().build(0).given)
    for fence in fences(text):
        for located in split_statements(fence.body):
            statement = read_statement(located.source, scope)
            if isinstance(statement, Definition):
                assert scope.definitions.get(statement.name) in (None, statement)
                scope = scope.adding(statement)
    return dict(scope.definitions)


def two_of_one_name(where: Path, notes: str, last: list[dict[str, str]]) -> list[str]:
    """Two tenures define different functions `f`, each with a `g` that calls it. Returns what the third tenure is
    shown."""
    texts: list[str] = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return '{"actions": [{"action": "end"}]}'
        text = view.observation.inheritance.text
        if text:
            texts.append(text)
            return json.dumps({"actions": last})
        mine = [FIRST, SECOND][answer.calls]  # type: ignore[attr-defined]
        answer.calls += 1  # type: ignore[attr-defined]
        fenced = f"Mine:\n```relay\n{mine}\n{THIRD}\n```"
        actions = [state(mine), state(THIRD), record("f"), record("g"), write(fenced)]
        return json.dumps({"actions": actions})

    answer.calls = 0  # type: ignore[attr-defined]
    run(where, condition(agent=puppet("namer", answer), notes=notes, generations=2, width=2))
    return texts


def test_two_definitions_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for notes in ("ledger", "journal"):
        where = tmp_path / notes
        use = [state("claim (x: Element): f(x) == f_2(x)"), state("define h(x: Element) -> Element = g_2(f(x))")]
        text = two_of_one_name(where, notes, use)[0]
        names = library(text)
        assert set(names) == {"f", "f_2", "g", "g_2"}
        assert len({definition.key for definition in names.values()}) == 4
        assert "`f` is `f_2`" in text
        assert [event.ok for event in of_type(where, "acted")][-3:-1] == [True, True]
        shown = of_type(where, "shown")[-1]
        assert shown.names == {name: definition.key for name, definition in sorted(names.items())}
        assert set(shown.readable) == set(shown.names.values())


def test_a_name_of_this_reader_is_not_captured_by_a_parameter(tmp_path: Path) -> None:
    """One author calls a definition `twice`; another one calls it `h`, in a definition with a parameter `twice`."""
    first = [state("define twice(x: Element) -> Element = op(x, x)"), record("twice")]
    rest = "define g(twice: Element) -> Element = h(op(twice, twice))"
    second = [state("define h(x: Element) -> Element = op(x, x)"), state(rest), record("g")]
    texts: list[str] = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return '{"actions": [{"action": "end"}]}'
        texts.append(view.observation.inheritance.text)
        return json.dumps(
            {"actions": [first, second, [state("claim (x: Element): g(x) == x")]][min(len(texts), 3) - 1]}
        )

    run(tmp_path, condition(agent=puppet("author", answer), generations=2, width=2))
    keys = {event.name: event.key for event in of_type(tmp_path, "judged")}
    assert library(texts[2])["g"].key == keys["g"]
    assert "twice(op(twice_2, twice_2))" in texts[2]
    assert keys["g"] in of_type(tmp_path, "shown")[-1].readable


def test_a_parameter_hides_a_definition_of_the_reader(tmp_path: Path) -> None:
    first = [state("define k(x: Element) -> Element = op(x, x)"), record("k")]
    second = [state("define g(k: Fn[Element, Element], x: Element) -> Element = k(op(x, x))"), record("g")]
    run(tmp_path, condition(agent=scripted(first, second), generations=3))
    assert len(of_type(tmp_path, "shown")[-1].readable) == 2


def test_a_name_that_means_something_else_is_refused(tmp_path: Path) -> None:
    agent = scripted([state(FIRST), state(SECOND), state(FIRST.replace("f(x:", "alias(x:")), state(FIRST)])
    run(tmp_path / "a", condition(agent=agent, generations=1))
    replies = [(event.ok, event.reply) for event in of_type(tmp_path / "a", "acted")]
    assert [ok for ok, _ in replies] == [True, False, True, True, True][: len(replies)]
    assert "already means another definition to you; choose another name" in replies[1][1]
    assert of_type(tmp_path / "a", "tenure_ended")[0].spent.evaluations == 4


def test_a_definition_without_what_it_rests_on_can_be_seen_but_not_called(tmp_path: Path) -> None:
    agent = scripted(
        [
            state(SQUARE),
            state(FOURTH),
            write(f"```relay\n{FOURTH}\n```"),
        ]
    )
    run(tmp_path / "a", condition(agent=agent, notes="journal", generations=2))
    shown = of_type(tmp_path / "a", "shown")[1]
    assert list(shown.names) == ["fourth"] and shown.readable == ()
    run(tmp_path / "b", condition(agent=scripted([state(FOURTH)], [state(SQUARE), state(FOURTH)]), generations=1))
    assert [event.status for event in of_type(tmp_path / "b", "judged")] == ["ill_formed", "defined", "defined"]


def test_a_statement_that_its_author_could_not_know_stays_words(tmp_path: Path) -> None:
    agent = scripted([write(f"I guess\n```relay\n{SQUARE}\n```"), record(SQUARE)])
    for notes in ("journal", "ledger"):
        run(tmp_path / notes, condition(agent=agent, notes=notes, generations=2))
        assert all(event.statements == () for event in of_type(tmp_path / notes, "note_changed"))
        assert of_type(tmp_path / notes, "shown")[1].readable == ()
    assert "neither stated nor could read" in of_type(tmp_path / "journal", "acted")[0].reply
    assert not of_type(tmp_path / "ledger", "acted")[1].ok


def test_a_note_is_linked_whatever_was_defined_since(tmp_path: Path) -> None:
    """A variable of an old statement may be spelt like a newer definition."""
    old = "define old(k: Element) -> Element = op(k, k)"
    agent = scripted([state(old), state("define k(x: Element) -> Element = op(x, old(x))"), record("old"), record("k")])
    run(tmp_path / "a", condition(agent=agent, generations=2))
    assert len(of_type(tmp_path / "a", "shown")[1].readable) == 2


def test_a_definition_shown_twice_is_one(tmp_path: Path) -> None:
    twice = f"```relay\n{SQUARE}\n```\nand again\n```relay\n{SQUARE}\n```"
    agent = scripted([state(SQUARE), write(twice), write(twice)])
    run(tmp_path / "a", condition(agent=agent, notes="journal", generations=2))
    shown = of_type(tmp_path / "a", "shown")[1]
    assert len(shown.notes) == 2 and list(shown.names) == ["square"]


def test_immortals_call_what_stands_in_their_messages(tmp_path: Path) -> None:
    lines = [state(SQUARE)], [state(FOURTH)]
    seen: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        seen.append(view)
        first = not view.observation.inheritance.messages
        actions = [lines[0], []] if first else [lines[1], []]
        return json.dumps({"actions": actions[min(len(view.turns), 1)]})

    final = run(tmp_path / "a", condition(agent=puppet("old", answer), notes="none", memory="immortal", generations=2))
    assert final.discoveries.established == {"square": 1, "fourth": 2}
    assert final.last is not None and final.last.retained == ("fourth", "square")
    messages = seen[-1].observation.inheritance.messages
    assert [message.role for message in messages][:3] == ["user", "assistant", "user"]
    assert SQUARE in json.loads(messages[1].content)["actions"][0]["source"]
    shown = of_type(tmp_path / "a", "shown")[1]
    assert shown.messages == len(messages) and shown.dropped_messages == 0


def test_an_immortals_oldest_messages_are_dropped_and_the_drop_is_logged(tmp_path: Path) -> None:
    agent = scripted("thinking " * 300, "thinking " * 300, "thinking " * 300)
    run(tmp_path / "a", condition(agent=agent, notes="none", memory="immortal", generations=5))
    drops = [(event.messages, event.dropped_messages) for event in of_type(tmp_path / "a", "shown")]
    assert drops[0] == (0, 0) and drops[-1][1] > 0
    assert all(event.tokens <= 3_000 for event in of_type(tmp_path / "a", "shown"))
    assert {event.reason for event in of_type(tmp_path / "a", "tenure_ended")} <= {"turns", "context"}


def test_a_fence_left_open_swallows_nothing() -> None:
    for text in ("a", "```relay\nx", "````\nx\n```", "~~~\nx", "```relay\nx\n```", "~~~~ relay\n```\n~~~"):
        closed = close_fences(text)
        assert closed.startswith(text) and len(fences(closed + "\n```relay\ny\n```")) == len(fences(closed)) + 1
