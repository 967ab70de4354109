"""Note schemes: which notes are shown, in which order, under which cap."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.records.events import NoteChanged
from relay.researcher.observation import TenureView
from relay.researcher.tokens import count_text
from relay.researcher.turn import TurnContext
from relay.schemes.notes import Journal, Ledger, Note
from relay.schemes.notes.naming import read_parts
from relay.schemes.notes.scheme import NoteScheme
from tests.trial.helpers import condition, of_type, record, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, LAW, SQUARE


def note(
    number: int, size: int = 60, rests_on: tuple[int, ...] = (), sure: str = "", explains: tuple[int, ...] = ()
) -> Note:
    """Entry `number`, with one statement that rests on the statements of other numbers."""
    return Note(
        id=f"1.1.{number}",
        version=1,
        author="g1-t1",
        text=f"```relay\ndefine f{number}\n```\n{'x' * size}",
        rests_on={f"f{other}": f"k{other}" for other in (number, *rests_on)},
        statements=(f"k{number}",),
        sure=sure,
        explains=explains,
    )


def store(*notes: Note) -> dict[str, Note]:
    return {each.id: each for each in notes}


def shown(scheme: NoteScheme, notes: dict[str, Note], room: int = 10_000) -> list[int]:
    layout = scheme.show(notes, room, count_text)
    return [int(each.id.rpartition(".")[2]) for each in layout.shown]


def test_a_journal_shows_the_newest_until_the_room_is_full() -> None:
    notes = store(*(note(number) for number in range(10)))
    each = count_text(f"Entry 1.1.0\n{notes['1.1.0'].text}\n\n")
    assert shown(Journal(), notes, 3 * each) == [9, 8, 7]
    assert shown(Journal(), notes, each - 1) == []
    notes["1.1.10"] = note(10, 5_000)
    assert shown(Journal(), notes, 3 * each) == [9, 8, 7]
    layout = Journal().show(notes, 3 * each, count_text)
    assert [each.id for each in layout.dropped][:2] == ["1.1.10", "1.1.6"] and len(layout.dropped) == 8


def test_a_ledger_puts_first_what_was_told_to_matter() -> None:
    notes = store(
        note(0), note(1, sure="holds"), note(2, sure="refuted"), note(3, explains=(2,)), note(4, sure="defined")
    )
    assert shown(Ledger(), notes) == [3, 1, 4, 2, 0]
    hidden = store(*(note(number) for number in range(5)))
    assert shown(Ledger(), hidden) == [4, 3, 2, 1, 0]


def test_what_an_entry_rests_on_stands_before_it() -> None:
    notes = store(note(0), note(1, rests_on=(0,)), note(2), note(3, rests_on=(1,), explains=(1,)))
    assert shown(Ledger(), notes) == [0, 1, 3, 2]


def test_a_circle_of_notes_is_no_trap() -> None:
    notes = store(note(0, rests_on=(1,)), note(1, rests_on=(0,)), note(2, rests_on=(7,)))
    assert sorted(shown(Ledger(), notes)) == [0, 1, 2]


def test_a_long_chain_of_notes_is_no_trap() -> None:
    chain = store(*(note(number, 0, rests_on=(number - 1,) if number else ()) for number in range(3_000)))
    assert shown(Ledger(cap=10**6), chain, 10**6) == list(range(3_000))


@given(
    st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["", "holds", "refuted"])), max_size=30),
    st.integers(0, 900),
)
def test_no_cap_is_passed_and_what_is_cut_is_listed(entries: list[tuple[int, str]], room: int) -> None:
    notes = store(*(note(number, size, sure=sure) for number, (size, sure) in enumerate(entries)))
    for scheme in (Ledger(cap=500), Journal()):
        layout = scheme.show(notes, room, count_text)
        text = read_parts(layout.parts, {}).text
        assert count_text(text) <= (min(room, 500) if isinstance(scheme, Ledger) else room)
        seen = {each.id for each in layout.shown}
        assert seen.isdisjoint(each.id for each in layout.dropped)
        assert seen | {each.id for each in layout.dropped} == set(notes)
        assert {each.id for each in layout.listed} <= {each.id for each in layout.dropped}
        assert all(f"[{each.id}" in layout.parts[-1].text for each in layout.listed)


def change(id: str, version: int, text: str = "t", key: str = "k") -> NoteChanged:
    return NoteChanged(id=id, version=version, author="g2-t3", text=text, statements=(key,), applied=False)


def test_an_edit_that_no_longer_applies_is_kept_as_a_conflict() -> None:
    there = store(note(0))
    assert not Journal().merge(there, change("1.1.0", 2)).conflict
    late = Journal().merge(there, change("1.1.0", 1))
    assert late.conflict and late.id == "1.1.0.g2-t3" and late.version == 1
    strike = Journal().merge({}, change("1.1.0", 2, text=""))
    assert strike.conflict and strike.id == "1.1.0"


def test_a_ledger_has_one_entry_a_statement() -> None:
    there = store(note(0))
    again = change("2.3.1", 1, "```relay\ndefine f0\n```\nnew words", "k0").model_copy(update={"sure": "holds"})
    merged = Ledger().merge(there, again)
    assert (merged.id, merged.version, merged.sure, merged.conflict) == ("1.1.0", 2, "holds", False)
    assert merged.text.endswith("new words") and merged.text.startswith(there["1.1.0"].text)
    assert Ledger().merge(there, change("2.3.1", 1, "other", "k9")).id == "2.3.1"


def test_an_entry_keeps_every_phenomenon_that_it_was_told_to_explain() -> None:
    there = store(note(0, explains=(3,)))
    again = change("2.3.1", 1, "```relay\ndefine f0\n```", "k0").model_copy(update={"explains": (1,)})
    assert Ledger().merge(there, again).explains == (1, 3)


def test_the_entries_of_a_page_are_told_as_data() -> None:
    notes = store(*(note(at, 200, sure="refuted", explains=(at,) if at < 3 else ()) for at in range(24)))
    layout = Ledger(cap=400).show(notes, 10_000, count_text)
    read = read_parts(layout.parts, {"f2": "another"})
    assert [entry.id for entry in read.entries] == [each.id for each in (*layout.shown, *layout.listed)]
    assert [entry.id for entry in read.entries if entry.full] == [each.id for each in layout.shown]
    assert all(f"[{entry.id} {entry.status}" in read.text for entry in read.entries)
    assert all(entry.explains == notes[entry.id].explains for entry in read.entries)
    first = read.entries[0]
    assert (first.id, first.names, first.explains) == ("1.1.2", ("f2_2",), (2,))
    assert not any(entry.names for entry in read.entries if not entry.full)
    assert 0 < len(layout.listed) < 24 - len(layout.shown)  # what the index has no room for is not told


def test_an_entry_that_the_index_names_can_be_opened_and_then_called(tmp_path: Path) -> None:
    lines = [state(SQUARE), record("square", "w" * 300), state(FOURTH), record("fourth", "w" * 300)]
    use = state("claim (x: Element): fourth(x) == square(x)")
    opens = [{"action": "open", "id": "1.1.1"}, {"action": "open", "id": "1.1.2"}]

    def answer(view: TenureView, turn: TurnContext) -> str:
        later = bool(view.observation.inheritance.text)
        turns = [[use, *opens, use]] if later else [lines]
        return json.dumps({"actions": turns[0] if not view.turns else [{"action": "end"}]})

    run(tmp_path / "a", condition(agent=puppet("opener", answer), notes="ledger(cap=180)", generations=2))
    shown = of_type(tmp_path / "a", "shown")[1]
    assert [ref.id for ref in shown.listed] == ["1.1.2"] and list(shown.names) == ["square"]
    acted = [event for event in of_type(tmp_path / "a", "acted") if event.generation == 2]
    assert [event.ok for event in acted] == [False, True, True, True, True]
    assert acted[2].data.id == "1.1.2" and FOURTH in acted[2].data.text


def test_only_what_was_seen_can_be_opened_or_struck(tmp_path: Path) -> None:
    strange = [{"action": "open", "id": "1.2.1"}, {"action": "strike", "id": "1.2.1"}]
    agent = scripted([*strange, state(SQUARE), record("square")], strange)
    run(tmp_path / "a", condition(agent=agent, generations=1, width=2))
    acted = [event for event in of_type(tmp_path / "a", "acted") if event.action["action"] in ("open", "strike")]
    assert [event.ok for event in acted] == [False, False, False, False, False, False, True, True]
    assert all("You have seen no entry" in event.reply for event in acted[:6])


def test_strikes_are_settled_in_tenure_order(tmp_path: Path) -> None:
    agent = scripted([{"action": "strike", "id": "1.1.1"}, state(SQUARE), record("square")])
    final = run(tmp_path / "a", condition(agent=agent, generations=2, width=2))
    changes = [event for event in of_type(tmp_path / "a", "note_changed") if event.applied and event.generation == 2]
    assert [(event.text == "", event.conflict) for event in changes] == [
        (True, False), (False, False), (True, True), (False, False),
    ]  # fmt: skip
    assert len(final.store.notes) == 1


@pytest.mark.parametrize("notes", ["journal", "none"])
def test_actions_of_other_schemes_are_refused_in_words(tmp_path: Path, notes: str) -> None:
    run(
        tmp_path / "a",
        condition(agent=scripted([record(LAW), {"action": "write"}, write("x")]), notes=notes, generations=1),
    )
    replies = [(event.ok, event.reply) for event in of_type(tmp_path / "a", "acted")]
    assert "There is no action `record`" in replies[0][1]
    assert ("`write` has text" in replies[1][1]) == (notes == "journal") == replies[2][0]
