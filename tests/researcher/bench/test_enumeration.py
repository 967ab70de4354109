"""The enumeration on arrays finds the terms, in the order, that one object a term would find."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from relay.records.task import Given, Operation, Sort
from relay.researcher.bench import LocalBench, Rows
from relay.researcher.bench.connectives import TRUTH, unbracketed
from relay.researcher.bench.enumeration import Enumeration

HOURS, DAYS = 3, 2
LARGEST = 7


def _given(seed: int) -> Given:
    """Two sorts, and operations of one and two parameters that lead from each to the other."""
    rng = np.random.default_rng(seed)

    def operation(name: str, parameters: tuple[str, ...], result: str) -> Operation:
        sizes = {"Hour": HOURS, "Day": DAYS}
        table = rng.integers(0, sizes[result], tuple(sizes[sort] for sort in parameters)).tolist()
        nested = tuple(tuple(row) if isinstance(row, list) else row for row in table)
        return Operation(name=name, parameters=parameters, result=result, table=nested)

    return Given(
        sorts=(Sort(name="Hour", size=HOURS), Sort(name="Day", size=DAYS)),
        operations=(
            operation("f", ("Hour", "Hour"), "Hour"),
            operation("g", ("Day", "Hour"), "Day"),
            operation("h", ("Day",), "Hour"),
        ),
    )


def _one_by_one(rows: Rows, context: list[tuple[str, str]], largest: int) -> list[tuple[str, str, bytes]]:
    """The spelling, sort and values of each term that an enumeration by nodes keeps, made one at a time."""
    kept: list[tuple[str, str, bytes]] = []
    levels: dict[tuple[str, int], list[tuple[str, np.ndarray]]] = {}
    seen: set[tuple[str, bytes]] = set()

    def keep(sort: str, size: int, text: str, row: np.ndarray) -> None:
        if (sort, row.tobytes()) not in seen:
            seen.add((sort, row.tobytes()))
            levels.setdefault((sort, size), []).append((text, row))
            kept.append((text, sort, row.tobytes()))

    for (name, sort), row in zip(context, rows.variables([sort for _, sort in context]), strict=True):
        keep(sort, 1, name, row)
    for size in range(1, largest + 1):
        for function in rows.functions.values():
            splits = [s for s in product(range(size), repeat=len(function.parameters)) if sum(s) == size - 1]
            for sizes in splits:
                parts = [levels.get((sort, part), []) for sort, part in zip(function.parameters, sizes, strict=True)]
                for chosen in product(*parts):
                    row = rows.apply(function.name, [row for _, row in chosen])
                    keep(function.result, size, f"{function.name}({', '.join(text for text, _ in chosen)})", row)
    return kept


@hypothesis_given(st.integers(0, 1000))
def test_the_terms_and_their_order_are_those_of_one_object_a_term(seed: int) -> None:
    context = [("x", "Hour"), ("y", "Day")]
    rows = LocalBench(_given(seed), 10**6).rows()
    terms = Enumeration(rows, context, variable=1)
    for size in range(1, LARGEST + 1):
        terms.grow(list(rows.functions.values()), size, 10**6, np.random.default_rng(0))
    expected = _one_by_one(rows, context, LARGEST)
    assert [terms.spell(serial) for serial in range(len(terms))] == [text for text, _, _ in expected]
    assert [terms.find(sort, row) for _, sort, row in expected] == list(range(len(terms)))
    for sort in ("Hour", "Day", TRUTH):
        values, serials = terms.terms(sort)
        assert (
            terms.rows(sort) == {row.tobytes() for row in values} == {row for _, kind, row in expected if kind == sort}
        )
        assert [terms.find(sort, row.tobytes()) for row in values] == serials.tolist()


def test_a_truth_value_is_no_value_of_a_sort() -> None:
    given = Given(sorts=(Sort(name="Bit", size=2),), operations=())
    rows = LocalBench(given, 1_000).rows()
    connectives = rows.connectives()
    terms = Enumeration(rows, [("x", "Bit"), ("y", "Bit")], variable=1)
    for size in range(1, 5):
        terms.grow(connectives, size, 1_000, np.random.default_rng(0))
    [row] = rows.variables(["Bit", "Bit"])[:1]
    assert terms.find("Bit", row.tobytes()) == 0
    equal = np.array([1, 0, 0, 1], dtype=rows.dtype).tobytes()
    assert terms.find("Bit", equal) is None
    serial = terms.find(TRUTH, equal)
    assert serial is not None and unbracketed(terms.spell(serial)) == "x == y"


@pytest.mark.parametrize("size", [2, 16, 17, 256, 300])
def test_a_function_has_the_values_of_its_table_whatever_the_type_of_its_rows(size: int) -> None:
    table = np.random.default_rng(0).integers(0, size, (2, size))
    rows_of = tuple(tuple(row) for row in table.tolist())
    given = Given(
        sorts=(Sort(name="Bit", size=2), Sort(name="E", size=size)),
        operations=(Operation(name="f", parameters=("Bit", "E"), result="E", table=rows_of),),
    )
    rows = LocalBench(given, 10).rows()
    values = rows.apply("f", rows.variables(["Bit", "E"]))
    assert values.dtype == rows.dtype and np.array_equal(values.reshape(2, size), table)


@pytest.mark.parametrize("value", [2, 200])
def test_rows_with_values_of_no_sort_are_refused(value: int) -> None:
    given = Given(
        sorts=(Sort(name="Bit", size=2),),
        operations=(Operation(name="f", parameters=("Bit", "Bit"), result="Bit", table=((0, 1), (1, 0))),),
    )
    rows = LocalBench(given, 10).rows()
    wrong = np.full((1, 4), value, dtype=rows.dtype)
    for arguments in ([wrong, wrong * 0], [wrong * 0, wrong]):
        with pytest.raises(IndexError):
            rows.apply("f", arguments)
