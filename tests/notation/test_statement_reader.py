"""A statement is read once, and again only where it may have come to mean something else."""

from __future__ import annotations

from collections import Counter

import pytest

from relay.errors import NotationError
from relay.notation import Scope, read_statement, statement_reader
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition, Statement
from relay.records.task import Given

TWICE = "define twice(x: Scalar) -> Scalar = x + x"
OTHER = "define twice(x: Scalar) -> Scalar = x * x"
FOUR_TIMES = "define four_times(x: Scalar) -> Scalar = twice(twice(x))"
GIVEN = Given(scalars=True)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Source -> how often it was read."""
    counts = Counter[str]()

    def counting(source: str, scope: Scope, statement_size: int | None = None) -> Statement:
        counts[source.strip()] += 1
        return read_statement(source, scope, statement_size)

    monkeypatch.setattr(statement_reader, "read_statement", counting)
    return counts


def defined(reader: StatementReader, source: str, *called: Definition) -> Definition:
    statement = reader.read(source, Scope(GIVEN, {one.name: one for one in called}))
    assert isinstance(statement, Definition)
    return statement


def test_what_was_stated_is_not_read_again(reads: Counter[str]) -> None:
    reader = StatementReader(GIVEN)
    twice = defined(reader, TWICE)
    four_times = defined(reader, FOUR_TIMES, twice)
    assert reader.reread(f"\n{TWICE}  ", {}) is twice
    assert reader.reread(FOUR_TIMES, {"twice": twice}) is four_times
    assert reader.reread(FOUR_TIMES, {"twice": twice, "four_times": four_times}) is four_times
    assert reads == {TWICE: 1, FOUR_TIMES: 1}


def test_other_meanings_of_its_names_make_another_statement(reads: Counter[str]) -> None:
    reader = StatementReader(GIVEN)
    first = defined(reader, FOUR_TIMES, defined(reader, TWICE))
    other = defined(reader, OTHER)
    again = reader.reread(FOUR_TIMES, {"twice": other})
    assert again.key != first.key and again == read_statement(FOUR_TIMES, Scope(GIVEN, {"twice": other}))
    assert reads[FOUR_TIMES] == 2
    with pytest.raises(NotationError, match="twice"):
        reader.reread(FOUR_TIMES, {})


def test_what_can_no_longer_be_read_is_not_remembered_as_if_it_could() -> None:
    reader = StatementReader(GIVEN)
    counting = "define f(n: Nat) -> Nat = sum(k for k in range(n))"
    defined(reader, counting)
    k = defined(reader, "define k() -> Nat = 1")
    with pytest.raises(NotationError, match="choose another name for the variable"):
        reader.reread(counting, {"k": k})


def test_a_parameter_hides_what_was_defined_since() -> None:
    reader = StatementReader(GIVEN)
    four_times = defined(reader, FOUR_TIMES, twice := defined(reader, TWICE))
    x = defined(reader, "define x() -> Scalar = 1")
    assert reader.reread(FOUR_TIMES, {"twice": twice, "x": x}) == four_times


def test_only_so_many_are_remembered(reads: Counter[str]) -> None:
    reader = StatementReader(GIVEN, remembered=2)
    sources = [f"define f(x: Scalar) -> Scalar = x + {number}" for number in range(3)]
    for source in (sources[0], sources[1], sources[0], sources[2]):
        reader.reread(source, {})
    assert reads.total() == 3
    reader.reread(sources[0], {})  # met after the second one, which is therefore forgotten first
    assert reads.total() == 3
    reader.reread(sources[1], {})
    assert reads[sources[1]] == 2
