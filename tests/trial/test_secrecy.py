"""Only notes cross between tenures, and replies depend on nothing hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from relay.components import available, build
from relay.researcher.actions import note_action, written
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from tests.schemes.wikis import create
from tests.trial.helpers import condition, events, of_type, record, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, HERE, LAW, PAIR, SQUARE

SECRET = "xyzzy"


def views_after_a_secret(where: Path, actions: list[dict[str, str]], **options: Any) -> list[TenureView]:
    """All views of later generations, after a first one that put a secret everywhere it could."""
    views: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        if len(views) == 0 and not view.turns:
            views.append(view)
            noise = [state(f"define {SECRET}(x: Element) -> Element = op(op(x, x), x)"), state(f"{SECRET}!"),
                     {"action": "evaluate", "term": f"{SECRET}(1)"}, {"action": SECRET}]  # fmt: skip
            return Answer(text=json.dumps({"thinking": SECRET, "actions": [*noise, *actions]}), reasoning=SECRET)
        views.append(view)
        return Answer(text='{"actions": [{"action": "end"}]}')

    run(where, condition(agent=puppet("spy", answer), generations=3, **options))
    return [view for view in views[1:] if not view.turns or SECRET not in view.turns[0].answer]


@pytest.mark.parametrize("notes", available("relay.notes"))
def test_a_planted_secret_does_not_cross(tmp_path: Path, notes: str) -> None:
    views = views_after_a_secret(tmp_path / "a", [], notes=notes)
    assert len(views) == 2
    assert not any(SECRET in view.model_dump_json() for view in views)


@pytest.mark.parametrize("notes", [name for name in available("relay.notes") if name != "none"])
def test_what_is_written_into_notes_crosses_by_them_alone(tmp_path: Path, notes: str) -> None:
    kinds = [note_action(kind) for kind in build("relay.notes", notes).actions]
    views = views_after_a_secret(tmp_path / "a", [state(SQUARE), written(kinds, SQUARE, SECRET)], notes=notes)
    assert all(SECRET in view.observation.inheritance.model_dump_json() for view in views)
    bare = [view.observation.model_copy(update={"inheritance": None}) for view in views]
    assert not any(SECRET in observation.model_dump_json() for observation in bare)


@pytest.mark.parametrize(
    ("notes", "memory", "action"),
    [
        ("journal", "fresh", write(f"remember {SECRET}")),
        ("ledger", "fresh", record(SECRET, "a remark")),
        ("wiki", "fresh", create("Title", f"remember {SECRET}")),
        ("wiki", "fresh", create(SECRET, "text")),
        ("evolving", "fresh", create("how we take notes", f"{'words ' * 40}{SECRET}")),
        ("none", "immortal", {"action": "end"}),
    ],
)
def test_the_declared_channels_carry_it(tmp_path: Path, notes: str, memory: str, action: dict[str, str]) -> None:
    views = views_after_a_secret(tmp_path / "a", [action], notes=notes, memory=memory)
    assert all(SECRET in view.observation.inheritance.model_dump_json() for view in views)
    bare = [view.observation.model_copy(update={"inheritance": None}) for view in views]
    assert not any(SECRET in observation.model_dump_json() for observation in bare)


def told(where: Path) -> list[Any]:
    """All that researchers were told in a trial."""
    return [
        (event.generation, event.tenure, event.reply, event.data and event.data.model_dump(exclude_none=True))
        for event in of_type(where, "acted")
    ]


@pytest.mark.parametrize("truth", ["shown", "hidden"])
def test_what_is_told_does_not_change_with_the_hidden_graph(tmp_path: Path, truth: str) -> None:
    views: list[list[str]] = []
    for hidden in (0, 1):
        task = {"name": f"{HERE}:Toy", "parameters": {"hidden": hidden}}
        run(tmp_path / str(hidden), condition(task=task, truth=truth, width=2, generations=4))
        shown = [event.model_dump_json() for event in of_type(tmp_path / str(hidden), "shown")]
        notes = [event.model_dump_json(exclude={"seq"}) for event in of_type(tmp_path / str(hidden), "note_changed")]
        views.append([*shown_without_place(shown), *notes])
    assert told(tmp_path / "0") == told(tmp_path / "1")
    assert views[0] == views[1]
    credits = [[event.concept for event in of_type(tmp_path / name, "credited")] for name in ("0", "1")]
    assert credits[0] != credits[1]


def shown_without_place(lines: list[str]) -> list[str]:
    out = []
    for line in lines:
        data = json.loads(line)
        del data["seq"]
        out.append(json.dumps(data))
    return out


def test_no_reply_holds_credit_scope_or_evidence(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state(LAW), state("claim (x: Element): op(x, x) != x")])
    run(tmp_path / "a", condition(agent=agent, generations=1))
    replies = json.dumps(told(tmp_path / "a"))
    assert "secret" not in replies and "all sizes" not in replies and "concept" not in replies
    assert "square/1" not in replies and "x = 3" in replies


def test_hidden_truth_is_told_nowhere(tmp_path: Path) -> None:
    lines = [state(SQUARE), record("square"), state(LAW), record(LAW), state("claim (x: Element): op(x, x) != x"),
             state("nonsense"), write(f"```relay\n{LAW}\n```")]  # fmt: skip
    for notes in ("ledger", "journal"):
        where = tmp_path / notes
        run(where, condition(agent=scripted(lines), truth="hidden", notes=notes, generations=2))
        replies = json.dumps(told(where))
        for word in ("holds", "refuted", "explain", "x = 3", "counterexample"):
            assert word not in replies.replace("holds 1 statement", "")
        assert "defined: square" in replies and "ill_formed" in replies
        for event in of_type(where, "note_changed"):
            assert event.sure in ("", "defined") and event.explains == () and event.data == {}
        assert {event.told for event in of_type(where, "judged")} == {None, "defined", "ill_formed"}
        assert {event.status for event in of_type(where, "judged")} >= {"holds", "refuted"}


def test_phenomena_are_numbered_by_the_seed_and_carry_no_id(tmp_path: Path) -> None:
    orders = set()
    for seed in range(6):
        views: list[TenureView] = []

        def answer(view: TenureView, turn: TurnContext, views: list[TenureView] = views) -> str:
            views.append(view)
            return '{"actions": [{"action": "end"}]}'

        run(tmp_path / str(seed), condition(agent=puppet("looker", answer), generations=1, seed=seed))
        seen = views[0].observation.phenomena
        assert [phenomenon.number for phenomenon in seen] == [1, 2]
        assert "square" not in views[0].model_dump_json()
        orders.add(tuple(phenomenon.text for phenomenon in seen))
    assert len(orders) == 2


def test_a_tenure_knows_no_name_that_it_cannot_read(tmp_path: Path) -> None:
    """Errors and taken names depend on what was read: with `none`, a successor starts from a clean table."""
    agent = scripted([state(SQUARE), state(PAIR), state(FOURTH)])
    run(tmp_path / "a", condition(agent=agent, notes="none", generations=2, width=2))
    by_tenure: dict[tuple[int, int], list[str]] = {}
    for event in of_type(tmp_path / "a", "acted"):
        by_tenure.setdefault((event.generation, event.tenure), []).append(event.reply)
    assert len({tuple(replies) for replies in by_tenure.values()}) == 1
    assert len(events(tmp_path / "a")) > 10


def test_hand_over_steps_stand_between_the_store_and_the_successor(tmp_path: Path) -> None:
    lines = [state(SQUARE), record("square"), state(FOURTH), record("fourth")]
    for memory in ("fresh", "immortal"):
        where = tmp_path / memory
        steps = [f"{HERE}:Shuffle", f"{HERE}:Forget(keep=0)"]
        final = run(where, condition(agent=scripted(lines), handover=steps, memory=memory, generations=3))
        assert len(final.store.notes) == 2 and final.last is not None and final.last.retained == ()
        assert all(event.notes == () and event.messages == 0 for event in of_type(where, "shown"))
    run(tmp_path / "c", condition(agent=scripted(lines), handover=[f"{HERE}:Shuffle"], generations=6, seed=1))
    orders = {tuple(ref.id for ref in event.notes) for event in of_type(tmp_path / "c", "shown")}
    assert len(orders) >= 2
