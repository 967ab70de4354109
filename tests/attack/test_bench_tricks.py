"""Searches that try to compute without paying."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given
from relay.researcher.bench import LocalBench
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from relay.researcher.turn_bench import TurnBench
from relay.scoring.workers import Workers
from tests.trial.helpers import condition, of_type, run, state
from tests.trial.puppets import puppet
from tests.trial.toy import SQUARE, Toy, apply_often

GIVEN = Toy().build(0).given


class Smuggler:
    """Can't be pickled: the attempt raises the error that it holds."""

    def __init__(self, secret: int) -> None:
        self.secret = secret

    def __reduce__(self) -> Any:
        raise ValueError(f"smuggled {self.secret}")


class Awkward(Exception):
    """Can be pickled but not unpickled."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one}")


def unpackable(bench: LocalBench, payload: int) -> Smuggler:
    return Smuggler(apply_often(bench, payload))


def awkward(bench: LocalBench, payload: int) -> None:
    raise Awkward(apply_often(bench, payload), 2)


def leaves(bench: LocalBench, payload: int) -> None:
    raise SystemExit(apply_often(bench, payload))


def slow(bench: LocalBench, payload: int) -> int:
    spent = apply_often(bench, payload)
    time.sleep(0.3)
    return spent


@pytest.mark.parametrize("search", [unpackable, awkward, leaves])
def test_what_can_not_be_sent_back_is_paid(tmp_path: Path, search: Any) -> None:
    async def answer(view: TenureView, turn: TurnContext) -> str:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await turn.bench.run(search, 7)
        return '{"actions": [{"action": "end"}]}'

    run(tmp_path / "t", condition(agent=puppet("smuggler", answer), generations=1))
    assert [event.count for event in of_type(tmp_path / "t", "searched")] == [7, 7, 7]
    assert of_type(tmp_path / "t", "tenure_ended")[0].spent.evaluations == 21


def test_the_same_in_workers() -> None:
    """A result that can't be pickled or unpickled neither breaks the pool nor goes uncharged; nor does one that is not
    awaited."""
    charged: list[int] = []

    async def go() -> None:
        async with Workers(1) as workers:
            bench = TurnBench(workers, GIVEN, lambda: 100 - sum(charged), lambda count, digest: charged.append(count))
            assert await bench.run(apply_often, 1) == 1
            for search in (unpackable, awkward, leaves):
                with pytest.raises(RuntimeError):
                    await bench.run(search, 10)
            assert charged == [1, 10, 10, 10]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(bench.run(slow, 60), 0.1)
            await bench.close()
            assert charged == [1, 10, 10, 10, 60]

    asyncio.run(go())


@pytest.mark.parametrize("alone", [0, 1])
def test_one_term_with_many_is_many(alone: int) -> None:
    """Numpy broadcasts one term over all terms that it is combined with; each of them is charged."""
    bench = LocalBench(Given(scalars=True), 300)
    arrays = bench.arrays([("n",)])
    one = arrays.parameter(0)
    many = one.take([0] * 50)
    before = bench.spent
    arrays.combine("add", *((one, many) if alone else (many, one)))
    assert bench.spent - before == 50
    truths = arrays.combine("eq", one, one)
    before = bench.spent
    arrays.both(truths, truths.take([0] * 50))
    assert bench.spent - before == 50


def test_a_table_too_large_for_memory_is_not_made() -> None:
    parameters = ", ".join(f"x{n}: Element" for n in range(14))
    definition = read_statement(f"define wide({parameters}) -> Element = op(x0, x13)", Scope(GIVEN))
    bench = LocalBench(GIVEN, 5)
    assert isinstance(definition, Definition)
    assert bench.rows().tabulate("wide", definition, {}) is None
    assert bench.spent == 0


def test_what_an_agent_does_to_its_view_is_not_logged(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> str:
        for past in view.turns:
            for reply in past.replies:
                with pytest.raises(ValidationError, match="frozen"):
                    reply.data.explained = ()  # type: ignore[union-attr, misc]
        return json.dumps({"actions": [state(SQUARE)]})

    run(tmp_path / "t", condition(agent=puppet("vandal", answer), generations=1))
    assert [event.data.explained for event in of_type(tmp_path / "t", "acted")] == [(1, 2)] * 3
