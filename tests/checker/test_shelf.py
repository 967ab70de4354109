"""Phenomena that are compared as one array are those that are worth telling when each is compared alone."""

from __future__ import annotations

from random import Random

from relay.checker.matching import Matcher
from relay.checker.phenomena import Behaviour
from relay.checker.shelf import shelves
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from tests.checker.test_matching import FIVE, NUMBERS, PAIRS, TASK, behaviours, shown


def some_phenomena(random: Random) -> list[Behaviour]:
    tables = []
    for number in range(12):
        # near a + 2 b, which definitions below have, or near a constant
        wrong = random.choice([0.0, 0.2, 0.45, 0.55, 0.9])
        kind = random.choice(["mix", "constant"])
        rows = []
        for a, b in PAIRS:
            value = (a + 2 * b) % 5 if kind == "mix" else 3
            rows.append((a, b, random.randrange(5) if random.random() < wrong else value))
        tables.append(shown(f"p{number}", "Element; Element", "Element", *rows))
    half = shown("half", "Element; Element", "Element", *((a, b, (a + 2 * b) % 5) for a, b in PAIRS[:11]))
    return behaviours([*tables, *TASK, half], FIVE)


def test_none_that_is_worth_telling_is_left_out() -> None:
    scope, told = Scope(FIVE), 0
    for seed in range(15):
        there = some_phenomena(Random(seed))
        rows, single = shelves(there)
        assert sorted([*single, *(place for row in rows for place in row.places)]) == list(range(len(there)))
        assert max(len(row.places) for row in rows) >= 12
        for source in (
            "d(x: Element, y: Element) -> Element = op(x, op(y, y))",
            "d(x: Element, y: Element) -> Element = op(op(x, x), y)",
            "d(x: Element, y: Element) -> Element = first(z for z in Element if op(z, y) == op(z, x))",
            "d(x: Element, y: Element) -> Bool = x == y",
            "d(x: Element) -> Element = op(x, x)",
            "d(x: Element) -> Bool = op(x, x) == x",
        ):
            definition = read_statement(f"define {source}", scope)
            assert isinstance(definition, Definition)
            known = {definition.key: definition}
            alone = {place for place, one in enumerate(there) if Matcher(definition, known).nearest(one) is not None}
            matcher = Matcher(definition, known)
            promising = [place for row in rows for place in matcher.promising(row)]
            assert alone - set(single) == set(promising)
            told += len(promising)
    assert told > 30


def test_points_without_a_value_do_not_agree() -> None:
    """The definition has no value at x = 0, where the array of its values holds padding."""
    rows = [(a, b, 0 if a == 0 else (a + 2 * b + (b < 2)) % 5) for a, b in PAIRS]
    there = behaviours([shown("zeros", "Element; Element", "Element", *rows)], FIVE)
    found = "first(z for z in Element if op(x, op(y, y)) == z and op(x, y) != y)"
    source = f"define d(x: Element, y: Element) -> Element = {found}"
    definition = read_statement(source, Scope(FIVE))
    assert isinstance(definition, Definition)
    matcher, ((shelf,), _) = Matcher(definition, {definition.key: definition}), shelves(there)
    assert there[0].worth_telling == 13
    assert matcher.promising(shelf) == []
    assert matcher.nearest(there[0]) is None


def test_rows_over_fields_stand_on_no_shelf() -> None:
    there = [Behaviour(one, FIVE.model_copy(update={"scalars": True})) for one in NUMBERS]
    assert shelves(there) == ((), (0, 1))
