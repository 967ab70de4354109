"""An explanation is short: its own nodes and those of its helpers count, but for helpers that explain something."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest

from relay.checker.explanations import COPY, Explainer, Fit, length, longest, shortest_copy
from relay.checker.phenomena import Behaviour
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Phenomenon, Row, Sort, Task

TABLE = tuple(tuple((2 * a + b) % 3 for b in range(3)) for a in range(3))
GIVEN = Given(
    sorts=(Sort(name="E", size=3),),
    operations=(Operation(name="op", parameters=("E", "E"), result="E", table=TABLE),),
)
SQUARE = "define square(x: E) -> E = op(x, x)"
"""The constant 0, in 3 nodes."""
TWICE = "define twice(x: E, y: E) -> E = op(op(x, y), y)"
"""(x, y) -> x + 3 y, that is x, in 5 nodes."""


def twice(x: int, y: int) -> int:
    return TABLE[TABLE[x][y]][y]


def mix(x: int, y: int) -> int:
    return TABLE[twice(x, y)][TABLE[y][x]]


MIX = "define mix(x: E, y: E) -> E = op(twice(x, y), op(y, x))"
"""In 7 nodes; with `twice`, in 12."""


def shown(name: str, values: object, points: Sequence[tuple[int, int]] | None = None) -> Phenomenon:
    """A phenomenon with the values of a function at some points, or at all."""
    every = [*product(range(3), repeat=2)] if points is None else points
    rows = tuple(Row(inputs=point, output=values(*point)) for point in every)  # type: ignore[operator]
    return Phenomenon(id=name, text="", parameters=("E", "E"), result="E", field="structure", rows=rows, concept=name)


def task(*phenomena: Phenomenon, size: int = 5, given: Given = GIVEN) -> Task:
    return Task(name="t", parameters={}, brief="", given=given, statement_size=size, concepts=(), phenomena=phenomena)


def read(*sources: str, given: Given = GIVEN) -> tuple[Definition, dict[str, Definition]]:
    """The last of some definitions, and all by key."""
    scope, known = Scope(given), {}
    last = None
    for source in sources:
        last = read_statement(source, scope)
        assert isinstance(last, Definition)
        scope, known[last.key] = scope.adding(last), last
    assert last is not None
    return last, known


def explanation(built: Task, *sources: str) -> Fit:
    explainer = Explainer(built, [Behaviour(one, built.given) for one in built.phenomena])
    return explainer.explanation(*read(*sources, given=built.given))


def test_helpers_count_once_however_they_are_called() -> None:
    last, known = read(
        SQUARE,
        "define fourth(x: E) -> E = square(square(x))",
        "define f(x: E, y: E) -> E = op(fourth(x), op(square(y), square(x)))",
    )
    assert length(last, known, lambda helper: False) == 8 + 3 + 3
    assert length(last, known, lambda helper: helper.name == "fourth") == 8 + 3
    assert length(last, known, lambda helper: helper.name == "square") == 8 + 3
    assert length(last, known, lambda helper: True) == 8


def test_what_only_a_helper_that_is_left_out_calls_is_left_out() -> None:
    last, known = read(SQUARE, "define fourth(x: E) -> E = square(square(x))", "define f(x: E) -> E = op(fourth(x), x)")
    assert length(last, known, lambda helper: helper.name == "fourth") == 4


def test_a_chain_of_definitions_is_no_deeper_than_it_is_long() -> None:
    """Python's own stack has a thousand places."""
    chain = [SQUARE, *(f"define s{n}(x: E) -> E = {'square' if n == 0 else f's{n - 1}'}(x)" for n in range(2_000))]
    last, known = read(*chain, "define top(x: E, y: E) -> E = op(s50(x), s1999(x))")
    assert length(last, known, lambda helper: False) == 5 + 3 + 2 * 2_000
    built = task(shown("zero", lambda x, y: 0))
    found = explanation(built, *chain[:60], "define top(x: E, y: E) -> E = op(s50(x), s58(y))")
    assert (found.fits, found.length) == (("zero",), 5 + 3 + 2 * 59)


def test_a_short_definition_explains() -> None:
    found = explanation(task(shown("twice", twice)), TWICE)
    assert (found.explained, found.fits, found.length, found.most, found.too_long) == (
        ("twice",), ("twice",), 5, 10, False,
    )  # fmt: skip


def test_a_long_one_fits_and_explains_nothing() -> None:
    found = explanation(task(shown("mix", mix)), TWICE, MIX)
    assert (found.explained, found.fits, found.length, found.most) == ((), ("mix",), 12, 10)
    assert found.too_long and not found.near


def test_a_helper_that_explains_something_counts_nothing() -> None:
    found = explanation(task(shown("twice", twice), shown("mix", mix)), TWICE, MIX)
    assert (found.explained, found.length) == (("mix",), 7)


LONG = "define twice(x: E, y: E) -> E = x if x == op(op(x, y), op(x, y)) else op(op(x, y), y)"
"""The same function as `TWICE`, in 16 nodes."""


def test_a_helper_that_is_too_long_explains_nothing_so_it_counts() -> None:
    built = task(shown("twice", twice), shown("mix", mix))
    helper = explanation(built, LONG)
    assert (helper.fits, helper.explained, helper.length) == (("twice",), (), 16)
    found = explanation(built, LONG, MIX)
    assert (found.fits, found.explained, found.length) == (("mix",), (), 7 + 16)


@pytest.mark.parametrize(
    ("elements", "statement_size", "most"), [(3, 5, 10), (3, 17, 14), (4, 9, 18), (4, 17, 19), (5, 13, 26), (5, 17, 27)]
)
def test_an_explanation_is_shorter_than_a_copy(elements: int, statement_size: int, most: int) -> None:
    """A table of 4 by 4 is one of 4^16, a number of ten digits."""
    given = Given(sorts=(Sort(name="Bit", size=2), Sort(name="E", size=elements)))
    assert longest(given, statement_size) == most
    assert shortest_copy(given) == COPY + len(str(elements ** (elements * elements))) - 1


def test_where_no_structure_is_shown_any_length_explains() -> None:
    scalars = Given(scalars=True)
    assert longest(scalars, 5) is None and longest(GIVEN, 5) == 10
    rows = (Row(inputs=(2,), output=2), Row(inputs=(3,), output=3))
    same = Phenomenon(
        id="p", text="", parameters=("Scalar",), result="Scalar", field="rationals", rows=rows, concept="p"
    )
    found = explanation(task(same, given=scalars), "define f(x: Scalar) -> Scalar = x + 0 * x * x * x * x * x * x * x")
    assert found.explained == ("p",) and found.length == 0


PART = [(0, 0), (1, 1), (2, 2), (0, 1)]
"""Points at which something is shown."""
ONE = TWICE.replace("twice", "one")
TWO = "define two(x: E, y: E) -> E = x if x == y else op(op(x, y), y)"
"""The same function as `ONE`, in 10 nodes."""
BOTH = "define both(x: E, y: E) -> E = op(one(x, y), op(two(x, y), one(y, y)))"
"""(x, y) -> x + y, in 11 nodes with calls of two functions that are x."""


@pytest.mark.parametrize(("points", "length"), [(None, 11), (PART, 11 + 10)])
def test_of_a_phenomenon_that_is_shown_in_part_one_helper_is_left_out(
    points: list[tuple[int, int]] | None, length: int
) -> None:
    """Two that explain it may differ where nothing is shown."""
    built = task(shown("p", lambda x, y: x, points), shown("q", lambda x, y: (x + y) % 3, points), size=8)
    assert explanation(built, ONE).explained == explanation(built, TWO).explained == ("p",)
    found = explanation(built, ONE, TWO, BOTH)
    assert found.fits == ("q",)
    # which of two equally high helpers is the first depends on their keys
    assert found.length in ({length} if points is None else {length, 11 + 5})


def test_a_chain_of_variants_cannot_hoard_values_that_are_not_shown() -> None:
    """Each variant of an explanation may differ from the one before where nothing is shown."""
    built = task(shown("p", lambda x, y: x, PART), size=7)
    chain = [ONE]
    for n in range(6):
        below = "one" if n == 0 else f"v{n - 1}"
        chain.append(f"define v{n}(x: E, y: E) -> E = y if x == y else {below}(x, y)")
    found = [explanation(built, *chain[: n + 1]) for n in range(len(chain))]
    assert [one.length for one in found] == [5, 8 + 5, 8 + 8, 24, 32, 40, 48]
    assert [bool(one.explained) for one in found] == [True, True, False, False, False, False, False]


def test_no_length_depends_on_names() -> None:
    built = task(shown("p", lambda x, y: x, PART), shown("q", lambda x, y: (x + y) % 3, PART), size=7)
    renamed = [source.replace("one", "zz").replace("two", "aa") for source in (ONE, TWO, BOTH)]
    assert explanation(built, ONE, TWO, BOTH) == explanation(built, *renamed)
