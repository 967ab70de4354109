"""Who looks on changes nothing; who answers calls is asked for every one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import numpy as np
import pytest

from relay.evaluation import Value, evaluate
from relay.evaluation.algebra import PrimeField
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Slot
from relay.evaluation.lanes import Lanes
from relay.notation import read_term
from relay.notation.syntax import NAT, SCALAR, Definition, Term, Type
from tests.evaluation.agreement import WORLDS, lanes_of, statement
from tests.evaluation.batches import pack
from tests.evaluation.library import by_key, read


@dataclass
class Watching:
    """Keeps what it was shown."""

    seen: list[tuple[Term, Value]] = field(default_factory=list)

    def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
        self.seen.append((term, value))


@dataclass
class Seven:
    """Answers 7 to everything."""

    asked: list[tuple[str, int]] = field(default_factory=list)

    def answer(
        self,
        machine: Evaluator,
        key: str,
        definition: Definition | None,
        slots: list[Slot],
        result: Type,
        depth: int,
        lanes: Lanes,
    ) -> Value:
        self.asked.append((key, len(slots)))
        return machine.model.from_int(np.full(lanes.count, 7))


@pytest.mark.parametrize("name", ["GF(3)", "Q"])
def test_an_observer_changes_nothing(name: str) -> None:
    world = WORLDS[name]
    seen = 0
    for seed in range(40):
        random = Random(f"observed {name} {seed}")
        found = statement(random, world, random.choice((2, 3, 4)))
        if found is None:
            continue
        rows = lanes_of(random, world, found, 3)
        names = {
            p.name: pack(p.type, [row[n] for row in rows], world.model, world.code)
            for n, p in enumerate(found.parameters)
        }
        names.update(dict.fromkeys(found.sizes, 2))
        watching, known = Watching(), by_key(world.scope)
        alone, watched = (
            evaluate(found.body, names, 3, world.model, known, 300, observer) for observer in (None, watching)
        )
        assert (alone.status == watched.status).all() and (alone.fuel == watched.fuel).all()
        assert alone.work == watched.work
        seen += len(watching.seen)
    assert seen > 200


def test_what_an_observer_sees() -> None:
    watching = Watching()
    term = read_term("2 * n + 1", read(""), {"n": NAT})
    evaluate(term, {"n": 5}, 1, PrimeField(7), {}, 100, watching)
    assert [value for _, value in watching.seen] == [2, 5, 10, 1, 11]
    assert watching.seen[-1][0] is term


def test_an_oracle_answers_calls_in_place_of_what_is_called() -> None:
    scope = read("define f(x: Scalar) -> Scalar = x * x")
    term = read_term("f(x) + f(x + 1)", scope, {"x": SCALAR})
    oracle = Seven()
    out = evaluate(term, {"x": np.array([1, 2])}, 2, PrimeField(101), by_key(scope), 100, oracle=oracle)
    assert isinstance(out.value, np.ndarray) and out.value.tolist() == [14, 14]
    assert [count for _, count in oracle.asked] == [1, 1]
