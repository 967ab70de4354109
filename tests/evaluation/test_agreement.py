"""On random terms the evaluator and the naive evaluator agree on every lane, whatever the other lanes are."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from relay.evaluation import comprehension
from tests.evaluation.agreement import WORLDS, check, lanes_of, statement


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_random_terms(name: str) -> None:
    world = WORLDS[name]
    seen: Counter[int] = Counter()
    read = 0
    for seed in range(150):
        random = Random(f"{name} {seed}")
        definition = statement(random, world, random.choice((2, 3, 4)))
        if definition is None:
            continue
        read += 1
        rows = lanes_of(random, world, definition, random.choice((1, 2, 5, 8)))
        fuel = random.choice((20, 60, 200, 2000, 2000))
        seen += check(world, definition, rows, fuel, random.random() < 0.3)
    assert read > 80, "most of what is generated should be well typed"
    assert min(seen[status] for status in (0, 1, 2)) > 15, seen


@pytest.mark.parametrize("name", ["GF(2)", "GF(10007)"])
def test_random_terms_in_small_blocks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items are processed in blocks; the size of the blocks makes no difference."""
    world = WORLDS[name]
    for seed in range(120):
        random = Random(f"blocks {name} {seed}")
        monkeypatch.setattr(comprehension, "MOST_LANES", random.choice((1, 3, 10)))
        monkeypatch.setattr(comprehension, "FIRST_BLOCK", random.choice((1, 2)))
        definition = statement(random, world, random.choice((3, 4)))
        if definition is not None:
            check(world, definition, lanes_of(random, world, definition, 4), random.choice((60, 400)), False)
