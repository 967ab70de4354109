"""Hand-over steps: what they leave of the notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from relay.components import build
from relay.errors import UsageError
from relay.notation import Scope, read_statement
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.researcher.tokens import count_text
from relay.schemes.handover.step import HandoverView
from relay.schemes.notes import Note
from relay.seeds import integer_generator
from tests.trial.toy import FOURTH, LAW, SQUARE, Toy

SECRET = "xyzzy"
GIVEN = Toy().build(0).given


def definition(source: str, *called: Definition) -> Definition:
    found = read_statement(source, Scope(GIVEN, {each.name: each for each in called}))
    assert isinstance(found, Definition)
    return found


SQUARED = definition(SQUARE)
FOURTHED = definition(FOURTH, SQUARED)
CLAIMED = read_statement(LAW, Scope(GIVEN, {"square": SQUARED}))

TEXT = f"""{SECRET} before
```relay
# {SECRET}
{SQUARE}  # {SECRET}
{SECRET} in a fence
define {SECRET}(x: Element) -> Element = x
{LAW}
```
between {SECRET}
~~~relay
{FOURTH}
~~~
after {SECRET}"""


def note(number: int, text: str = TEXT, **changed: Any) -> Note:
    return Note(
        **{
            "id": f"1.1.{number}",
            "version": 2,
            "author": "g1-t1",
            "text": text,
            "rests_on": {"square": SQUARED.key, "fourth": FOURTHED.key},
            "statements": (SQUARED.key, CLAIMED.key, FOURTHED.key),
            "sure": "defined, proved",
            "explains": (1, 2),
            "data": {"title": SECRET, "at": 3, "tags": [SECRET, 1]},
            **changed,
        }
    )


def view(*notes: Note, count: Callable[[str], int] = count_text, lasting: int = 1) -> HandoverView:
    return HandoverView(
        notes={each.id: each for each in notes},
        definitions={each.key: each for each in (SQUARED, FOURTHED)},
        remembered=(),
        reader=StatementReader(GIVEN),
        count=count,
        lasting=lasting,
    )


def after(step: str, before: HandoverView, seed: int = 0) -> dict[str, Note]:
    return dict(build("relay.handover", step).step(before, integer_generator(seed)).notes)


def test_shuffled_draws_an_order_for_each_successor_and_changes_no_note() -> None:
    before = view(*(note(number) for number in range(6)))
    orders = {tuple(after("shuffled", before, seed)) for seed in range(20)}
    assert len(orders) > 10
    assert all(after("shuffled", before, seed) == before.notes for seed in range(3))


@pytest.mark.parametrize("count", [count_text, lambda text: len(text.split()), lambda text: 3 + 2 * (len(text) // 7)])
def test_blank_notes_are_as_long_and_say_nothing(count: Callable[[str], int]) -> None:
    texts = [TEXT, "a", "one two", *("w" * size for size in range(40, 60))]
    before = view(*(note(number, text) for number, text in enumerate(texts)), count=count)
    blank = after("blank", before)
    assert list(blank) == list(before.notes)
    for id, each in blank.items():
        told = before.notes[id]
        assert count(each.text) == count(told.text) and each.text
        assert (each.version, each.author) == (told.version, told.author)
        assert SECRET not in each.model_dump_json() and "Element" not in each.text
        assert (each.rests_on, each.statements, each.sure, each.explains) == ({}, (), "", ())
        assert each.data["at"] == 3 and each.data.keys() == told.data.keys()


def test_a_note_is_lost_for_good_by_one_coin() -> None:
    notes = [note(number) for number in range(400)]
    before = view(*notes)
    kept = after("lost(p=0.3)", before)
    assert 90 < 400 - len(kept) < 150
    assert all(after("lost(p=0.3)", before, seed) == kept for seed in range(3))
    edited = view(*(each.model_copy(update={"version": 5, "text": "other"}) for each in notes[:200]))
    assert list(after("lost(p=0.3)", edited)) == [id for id in kept if id in edited.notes]
    assert list(after("lost(p=0.3)", replace(before, lasting=2))) != list(kept)
    # who loses more loses the same notes and others
    assert set(after("lost(p=0.6)", before)) < set(kept)
    assert after("lost(p=0)", before) == before.notes and after("lost(p=1)", before) == {}


def test_without_remarks_the_statements_are_left() -> None:
    words = note(2, f"only {SECRET}", rests_on={}, statements=(), sure="")
    left = after("stripped(remarks=true)", view(note(1), words))
    assert list(left) == ["1.1.1"]
    one = left["1.1.1"]
    assert one.text == f"```relay\n{SQUARE}\n{LAW}\n{FOURTH}\n```"
    assert SECRET not in one.model_dump_json()
    assert (one.rests_on, one.statements) == (note(1).rests_on, note(1).statements)
    assert (one.sure, one.explains, one.data["at"]) == ("defined, proved", (1, 2), 3)
    assert after("stripped(remarks=true)", view(note(1, sure=f"sure as {SECRET}")))["1.1.1"].sure == ""


def test_without_statements_the_words_are_left() -> None:
    bare = note(2, f"```relay\n{SQUARE}\n```")
    left = after("stripped(statements=true)", view(note(1), bare))
    assert list(left) == ["1.1.1"]
    one = left["1.1.1"]
    assert one.text == f"{SECRET} before\nbetween {SECRET}\nafter {SECRET}"
    assert (one.rests_on, one.statements, one.sure, one.explains) == ({}, (), "", ())
    assert one.data == note(1).data
    assert after("stripped(statements=true)", view(note(1, sure="certain")))["1.1.1"].sure == "certain"
    unclosed = after("stripped(statements=true)", view(note(1, f"words\n```relay\n{SQUARE}")))
    assert unclosed["1.1.1"].text == "words"


@pytest.mark.parametrize(
    ("step", "match"),
    [
        ("stripped", r"`stripped` can't be so: take out the one or the other: write stripped\(remarks=true\)"),
        ("stripped(remarks=true, statements=true)", "as with --notes none"),
        ("lost(p=2)", "can't have p=2"),
    ],
)
def test_mistakes_are_named(step: str, match: str) -> None:
    with pytest.raises(UsageError, match=match):
        build("relay.handover", step)


def test_every_installed_step_is_pure() -> None:
    before = view(*(note(number) for number in range(8)))
    for step in ("blank", "lost", "shuffled", "stripped(remarks=true)", "stripped(statements=true)"):
        assert list(after(step, before).items()) == list(after(step, before).items())
        assert after(step, view()) == {}
        assert list(before.notes) == [f"1.1.{number}" for number in range(8)]
