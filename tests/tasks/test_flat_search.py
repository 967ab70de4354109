"""Flat searches find what listing every term finds, and draw as the enumeration of researchers does."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from relay.records.task import Given, Operation, Sort
from relay.researcher.bench import LocalBench
from relay.researcher.bench.enumeration import Enumeration
from tasks import flat_search
from tasks.flat_search import FlatSearch

SHAPES = [(3, 2, 60), (3, 3, 500), (4, 2, 600), (4, 5, 3000), (5, 3, 500), (7, 2, 60), (4, 9, 90)]
"""Elements, functions and evaluations."""


def functions(q: int, count: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng([q, count])
    return {f"f{n}": rng.integers(0, q, size=(q, q)) for n in range(count)}


def listed(tables: dict[str, np.ndarray], size: int) -> set[bytes]:
    """The tables of all terms of at most `size` applications, term by term."""
    q = len(next(iter(tables.values())))
    levels = [{row.tobytes() for row in np.indices((q, q), dtype=np.uint8).reshape(2, -1)}]
    for applications in range(1, size + 1):
        level: set[bytes] = set()
        for table, left in product(tables.values(), range(applications)):
            flat = table.astype(np.uint8).reshape(-1)
            rights = [np.frombuffer(right, np.uint8) for right in levels[applications - 1 - left]]
            for s in levels[left]:
                places = q * np.frombuffer(s, np.uint8)
                level |= {flat[places + t].tobytes() for t in rights}
        levels.append(level.difference(*levels))
    return set().union(*levels)


def as_table(content: bytes, q: int) -> np.ndarray:
    return np.frombuffer(content, np.uint8).reshape(q, q).astype(np.int64)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_search_to_the_end_holds_the_tables_of_all_terms_up_to_its_last_level(shape: tuple[int, int, int]) -> None:
    q, count, evaluations = shape
    tables = functions(q, count)
    search = FlatSearch(tables, evaluations, np.random.default_rng(1), to_the_end=True)
    assert search.last is not None and 0 < search.share < 1
    everything = sorted(listed(tables, search.last))
    assert all(search.holds(as_table(content, q)) for content in everything[:: len(everything) // 200 + 1])
    held = denied = 0
    pick = np.random.default_rng(2)
    for _ in range(200):
        # a term of more applications: some have the table of a smaller one
        s, t = (as_table(everything[int(pick.integers(len(everything)))], q) for _ in range(2))
        table = tables["f0"][s, t]
        known = table.astype(np.uint8).tobytes() in everything or table.T.astype(np.uint8).tobytes() in everything
        held += known
        if not known and search.applications == search.last:
            denied += 1
            assert not search.holds(table)
        assert search.holds(table) or not known
    assert held + denied


@pytest.mark.parametrize("to_the_end", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_it_spends_draws_and_finds_as_the_enumeration_of_researchers(
    shape: tuple[int, int, int], to_the_end: bool
) -> None:
    q, count, evaluations = shape
    tables = functions(q, count)
    given = Given(
        sorts=(Sort(name="E", size=q),),
        operations=tuple(
            Operation(name=name, parameters=("E", "E"), result="E", table=tuple(map(tuple, table.tolist())))
            for name, table in tables.items()
        ),
    )
    bench, one, other = LocalBench(given, evaluations), np.random.default_rng(3), np.random.default_rng(3)
    rows = bench.rows()
    terms, size = Enumeration(rows, [("x", "E"), ("y", "E")]), 0
    while bench.left:
        size += 1
        if not terms.grow(list(rows.functions.values()), size, bench.left, one):
            break
    search = FlatSearch(tables, evaluations, other, to_the_end=to_the_end)
    assert (search.spent, search.applications, search.distinct) == (bench.spent, size, len(terms.rows("E")))
    assert one.integers(2**60) == other.integers(2**60)
    assert all(search.holds(as_table(content, q)) for content in sorted(terms.rows("E"))[::7])


def test_a_search_that_finds_everything_has_no_last_level() -> None:
    search = FlatSearch({"f": np.array([[0, 1], [1, 0]])}, 10_000, np.random.default_rng(0))
    assert search.last is None and search.share == 1
    assert search.spent < 10_000
    assert search.holds(np.array([[0, 1], [1, 0]])) and not search.holds(np.array([[1, 1], [1, 0]]))


def test_tables_with_equal_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = functions(4, 5)
    plain = FlatSearch(tables, 3000, np.random.default_rng(1))
    monkeypatch.setattr(flat_search._Known, "_hash", lambda self, rows: rows[:, 0].astype(np.uint64))
    alike = FlatSearch(tables, 3000, np.random.default_rng(1))
    assert (plain.distinct, plain.spent) == (alike.distinct, alike.spent)
    random = np.random.default_rng(4)
    for _ in range(50):
        table = tables["f1"][tables["f0"], random.integers(0, 4, size=(4, 4))]
        assert plain.holds(table) == alike.holds(table)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("to_the_end", [False, True])
def test_what_an_earlier_search_found_in_whole_levels_is_taken_over(
    shape: tuple[int, int, int], to_the_end: bool
) -> None:
    q, count, evaluations = shape
    tables = functions(q, count)
    earlier = FlatSearch(tables, evaluations, np.random.default_rng(1), to_the_end=to_the_end)
    assert earlier.distinct  # its last level is valued, which the other must not see
    alone, after = (
        FlatSearch(tables, evaluations, np.random.default_rng(2), to_the_end=to_the_end, like=like)
        for like in (None, earlier)
    )
    random = np.random.default_rng(4)
    some = [tables["f1"][tables["f0"], random.integers(0, q, size=(q, q))] for _ in range(40)]
    assert [alone.holds(table) for table in some] == [after.holds(table) for table in some]
    for name in ("spent", "applications", "last", "share", "distinct"):
        assert getattr(alone, name) == getattr(after, name)
