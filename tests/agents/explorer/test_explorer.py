"""The explorer: what it reads, what it builds on, what it spends, and that hidden data do not reach it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest

from agents.explorer import Explorer
from agents.explorer.answers import acting, actions_of, sources_of, stating
from agents.explorer.library import read_library
from relay.records.budget import Budget, Spent
from relay.records.reply_data import OpenedData, StatementData
from relay.records.status import Status
from relay.records.task import Given, Task
from relay.researcher.actions import NoteAction, note_action
from relay.researcher.bench import Bench
from relay.researcher.observation import (
    Answer,
    Inheritance,
    Message,
    Observation,
    PublicPhenomenon,
    Reply,
    TenureView,
    Turn,
)
from relay.researcher.tokens import count_text
from relay.researcher.turn import TurnContext
from relay.schemes.notes import Journal, Ledger, NoNotes, NoteScheme
from tasks.alien import Alien

FIELDS = Given(scalars=True)
PRODUCT = (
    "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] = "
    "matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))"
)
SQUARE = "define square(A: Matrix[n, n]) -> Matrix[n, n] = mul(A, A)"


class _Here:
    async def run(self, function: Any, /, *args: Any) -> Any:
        return function(*args)


def _offered(scheme: NoteScheme) -> tuple[NoteAction, ...]:
    return tuple(map(note_action, scheme.actions))


def _view(given: Given, notes: str = "", **fields: Any) -> TenureView:
    observation = Observation(
        brief="", given=given, given_text="", phenomena=fields.pop("phenomena", ()),
        inheritance=Inheritance(text=notes, messages=fields.pop("messages", ())),
        instructions="", note_actions=_offered(fields.pop("scheme", Ledger())),
        budget=Budget(turns=fields.pop("turns", 4), evaluations=fields.pop("evaluations", 20_000)),
        statement_size=fields.pop("statement_size", 24),
    )  # fmt: skip
    return TenureView(observation=observation, turns=fields.pop("past", ()), spent=Spent(**fields))


def _ask(
    agent: Explorer, view: TenureView, seed: int = 0, tokens: int = 8_000
) -> tuple[Answer, list[dict[str, Any]], int]:
    """Return the answer, its actions, and the evaluations that the bench charged."""
    charged: list[int] = []
    left = view.remaining.evaluations
    bench = Bench(_Here(), view.observation.given, lambda: left - sum(charged), lambda count, _: charged.append(count))
    answer = asyncio.run(agent.answer(view, TurnContext(bench, np.random.default_rng(seed), tokens)))
    return answer, actions_of(answer.text), sum(charged)


def _alien(task: Task, notes: str = "", **fields: Any) -> TenureView:
    phenomena = tuple(
        PublicPhenomenon(number=at, text=p.text, parameters=p.parameters, result=p.result, field=p.field, rows=p.rows)
        for at, p in enumerate(task.phenomena, start=1)
    )
    return _view(task.given, notes, phenomena=phenomena, statement_size=task.statement_size, **fields)


def _fence(*sources: str) -> str:
    return "\n".join(f"```relay\n{source}\n```" for source in sources)


def test_it_reads_definitions_in_any_order_and_nothing_that_does_not_hold_together() -> None:
    notes = _fence(SQUARE, PRODUCT, "define broken(A: Matrix[n, n]) -> Scalar = nothing(A)")
    assert [name for name, _ in read_library(_view(FIELDS, notes))] == ["square", "mul"]


def test_it_reads_inherited_messages_and_opened_notes_but_not_its_own_statements() -> None:
    stated = json.dumps({"actions": [{"action": "state", "source": PRODUCT}]})
    message = Message(role="assistant", content=stated)
    assert [name for name, _ in read_library(_view(FIELDS, messages=(message,)))] == ["mul"]
    data = OpenedData(id="1.1.1", text=_fence(PRODUCT))
    opened = Turn(answer='{"actions": []}', replies=(Reply(action="open", ok=True, text="", data=data),))
    assert [name for name, _ in read_library(_view(FIELDS, past=(opened,)))] == ["mul"]
    own = Turn(answer=stated, replies=(Reply(action="state", ok=True, text="defined"),))
    assert read_library(_view(FIELDS, past=(own,))) == ()


@cache
def _task(**shape: int) -> Task:
    return Alien(**shape).build(1)


def _explained(task: Task, notes: str, agent: Explorer | None = None) -> list[str]:
    _, actions, _ = _ask(agent or Explorer(), _alien(task, notes))
    return [action["source"] for action in actions if action["action"] == "state"]


def test_what_it_reads_takes_it_one_layer_further_and_nothing_else_does() -> None:
    task = _task()
    first = _explained(task, "")
    assert 2 <= len(first) <= 3
    assert _explained(task, "") == first
    second = _explained(task, _fence(*first))
    assert len(second) >= 2
    assert not set(second) & set(first)
    assert all("t_" in source.split("=", 1)[1] for source in second)


def test_study_costs_evaluations_and_what_can_not_be_paid_is_not_used() -> None:
    task = _task()
    notes = _fence(*_explained(task, ""))
    _, free, _ = _ask(Explorer(), _alien(task, notes))
    assert len([each for each in free if each["action"] == "state"]) >= 2
    _, dear, spent = _ask(Explorer(study_cost=15_000), _alien(task, notes))
    assert 15_000 < spent <= 20_000
    assert [each for each in dear if each["action"] == "state"] != free
    assert sorted(_explained(task, notes, Explorer(study_cost=30_000))) == sorted(_explained(task, ""))


@pytest.mark.parametrize("evaluations", [0, 1, 7, 60, 700])
@pytest.mark.parametrize("given", ["fields", "alien"])
def test_it_never_asks_for_more_than_is_left(evaluations: int, given: str) -> None:
    view = (
        _view(FIELDS, _fence(PRODUCT, SQUARE), evaluations=evaluations)
        if given == "fields"
        else _alien(_task(layers=1), evaluations=evaluations)
    )
    _, actions, charged = _ask(Explorer(), view)
    assert charged <= evaluations
    assert charged + len([each for each in actions if each["action"] == "state"]) <= max(evaluations, 4)


def test_an_answer_fits_its_tokens() -> None:
    answer, actions, _ = _ask(Explorer(), _view(FIELDS), tokens=200)
    assert len(answer.text) <= 4 * 200
    assert actions


def test_a_first_answer_leaves_room_for_its_replies_if_notes_follow() -> None:
    noted, without = (
        _ask(Explorer(), _view(FIELDS, scheme=scheme), tokens=3_000)[0] for scheme in (Ledger(), NoNotes())
    )
    assert 1_300 < count_text(noted.text) <= 1_500  # the replies take as much again
    assert 2_700 < count_text(without.text) <= 3_000


def test_it_finds_the_product_of_matrices_and_what_is_linear() -> None:
    sources = [
        action["source"].partition("(")[2] for seed in range(2) for action in _ask(Explorer(), _view(FIELDS), seed)[1]
    ]
    assert "A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))" in sources
    assert any("-> Matrix[l, n] = matrix(sum(A[i, k] * B[k, j]" in source for source in sources) or any(
        "A[i, k] * u[k]" in source for source in sources
    )


def _after_stating(scheme: NoteScheme, *sources: str, evaluations: int = 20_000) -> list[dict[str, Any]]:
    answer = json.dumps({"actions": [{"action": "state", "source": source} for source in sources]})
    replies = tuple(
        Reply(action="state", ok=True, text="", data=StatementData(kind="define", status=Status.DEFINED))
        for _ in sources
    )
    view = _view(FIELDS, past=(Turn(answer=answer, replies=replies),), scheme=scheme, evaluations=evaluations)
    return _ask(Explorer(), view.model_copy(update={"spent": Spent(turns=1, evaluations=len(sources))}))[1]


ONE = "define one(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))"


def test_it_sets_calls_equal_that_seldom_are() -> None:
    sources = [
        action["source"].rpartition(" = ")[2]
        for seed in range(4)
        for action in _ask(Explorer(), _view(FIELDS, _fence(PRODUCT, ONE)), seed)[1]
    ]
    assert "mul(A, A) == A" in sources
    assert {"mul(A, A) == one(n)", "one(n) == mul(A, A)"} & set(sources)
    assert {"one(n) == mul(A, B)", "one(n) == mul(B, A)", "mul(A, B) == one(n)"} & set(sources)


def test_what_a_call_says_is_not_spelt_out_again() -> None:
    _, actions, _ = _ask(Explorer(), _view(FIELDS, _fence(PRODUCT)))
    entries = [each["source"] for each in actions if "mul(" not in each["source"]]
    assert not any("sum(A[i, k] * B[k, j] for k" in source for source in entries)


def test_it_notes_with_the_actions_of_any_scheme() -> None:
    ledger = _after_stating(Ledger(), PRODUCT, SQUARE)
    assert {each.get("statement") for each in ledger if each["action"] == "record"} == {PRODUCT, SQUARE}
    journal = _after_stating(Journal(), PRODUCT)
    assert [each["action"] for each in journal] == ["write", "end"]
    assert PRODUCT in journal[0]["text"]
    assert _after_stating(NoNotes(), PRODUCT, evaluations=4_000) == [{"action": "end"}]


def test_statements_stand_in_a_fence_that_is_read_back_even_if_it_was_cut() -> None:
    answer = stating([PRODUCT, SQUARE, ONE], 10_000)
    assert answer == f"```relay\n{PRODUCT}\n{SQUARE}\n{ONE}\n```"
    assert sources_of(answer) == [PRODUCT, SQUARE, ONE]
    assert sources_of(answer[: answer.index(ONE) + 20]) == [PRODUCT, SQUARE]
    assert sources_of('{"actions": [{"action": "state", "source": 3}, 7, {"action": "end"}]}') == []
    assert stating([PRODUCT, SQUARE], 10) == acting([], 10) == '{"actions": []}'
    for room in range(10, 120):
        assert count_text(stating([PRODUCT, SQUARE, ONE], room)) <= room


def _ask_again(view: TenureView, turns: int, tokens: int) -> tuple[list[list[dict[str, Any]]], TenureView]:
    """Return the actions of the next answers, until one ends the tenure, and the view at the end."""
    done: list[list[dict[str, Any]]] = []
    for _ in range(turns):
        answer, actions, spent = _ask(Explorer(), view, tokens=tokens)
        done.append(actions)
        replies = tuple(Reply(action=action["action"], ok=True, text="") for action in actions)
        turn = Turn(answer=answer.text, replies=replies)
        past = view.spent + Spent(turns=1, evaluations=spent)
        view = view.model_copy(update={"turns": (*view.turns, turn), "spent": past})
        if actions[-1:] == [{"action": "end"}]:
            break
    return done, view


def test_notes_that_do_not_fit_are_written_in_the_turns_that_follow() -> None:
    data = StatementData(kind="define", status=Status.DEFINED)
    stated = Turn(
        answer=stating([PRODUCT, SQUARE, ONE], 10_000),
        replies=tuple(Reply(action="state", ok=True, text="", data=data) for _ in range(3)),
    )
    view = _view(FIELDS, past=(stated,), turns=9)
    (whole,), _ = _ask_again(view, 9, 1_000)
    parts, _ = _ask_again(view, 9, 60)
    assert len(parts) == 3
    assert [action for part in parts for action in part] == whole
    (cut,), _ = _ask_again(view.model_copy(update={"last": True}), 9, 70)
    assert cut == [whole[0], {"action": "end"}]
    (nothing,), _ = _ask_again(view, 9, 20)
    assert nothing == [{"action": "end"}]


def test_without_notes_to_write_it_searches_as_long_as_it_is_worth_it() -> None:
    rich, _ = _ask_again(_view(FIELDS, scheme=NoNotes(), evaluations=30_000), 9, 2_000)
    assert len(rich) > 2 and rich[-1] == [{"action": "end"}]
    stated = [action["source"] for actions in rich[:-1] for action in actions]
    assert len(stated) == len(set(stated))
    poor, _ = _ask_again(_view(FIELDS, scheme=NoNotes(), evaluations=4_000), 9, 2_000)
    assert len(poor) == 2 and poor[-1] == [{"action": "end"}]


ISOLATED = """
import builtins, sys
real = builtins.__import__
HIDDEN = ("tasks", "analysis", "relay.scoring", "relay.trial.setup")
def guarded(name, globals=None, locals=None, fromlist=(), level=0):
    if level == 0 and any(name == hidden or name.startswith(hidden + ".") for hidden in HIDDEN):
        raise ImportError("hidden: " + name)
    return real(name, globals, locals, fromlist, level)
builtins.__import__ = guarded
import test_explorer_isolated
"""

BODY = """
import asyncio, json, sys
import numpy as np
from agents.explorer import Explorer
from relay.researcher.bench import Bench
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
class Here:
    async def run(self, function, /, *args):
        return function(*args)
view = TenureView.model_validate_json(sys.stdin.read())
bench = Bench(Here(), view.observation.given, lambda: 3000, lambda count, digest: None)
answer = asyncio.run(Explorer().answer(view, TurnContext(bench, np.random.default_rng(0), 8000)))
assert "define " in answer.text
hidden = [name for name in sys.modules if name.split(".")[0] == "tasks" or name.startswith("relay.scoring")]
assert not hidden, hidden
print("ran")
"""


@pytest.mark.parametrize("given", ["fields", "alien"])
def test_it_runs_where_the_hidden_graph_can_not_be_imported(given: str, tmp_path: Any) -> None:
    view = _view(FIELDS, _fence(PRODUCT)) if given == "fields" else _alien(_task(layers=1))
    (tmp_path / "test_explorer_isolated.py").write_text(BODY)
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{ISOLATED}"],
        input=view.model_dump_json(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.stdout.strip() == "ran", ran.stderr
