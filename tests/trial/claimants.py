"""Researchers that state many claims of the toy task, true and false ones, and its own judge that knows the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from relay.notation.syntax import Definition, Statement
from relay.scoring.examiner import Examination
from tests.trial.helpers import scripted, state
from tests.trial.toy import ToyJudge


class Checked(ToyJudge):
    """The toy's judge with the real checker."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        return self.examiner.examine(statement, definitions)


def terms() -> Iterator[str]:
    """Terms of one variable, each larger than `x`. On the toy's operation each is of the form a x + (a - 1) / 4, and so
    commutes with it."""
    level = ["x"]
    while True:
        level = [f"op({one}, x)" for one in level] + [f"op(x, {one})" for one in level]
        yield from level


def claims(number: int) -> list[dict[str, str]]:
    """A definition, a true claim about it and three false ones, for each of so many terms."""
    found: list[dict[str, str]] = []
    for at, term in enumerate(islice(terms(), number)):
        name, header = f"t{at}", "(x: Element, y: Element)"
        found += [
            state(f"define {name}(x: Element) -> Element = {term}"),
            state(f"claim {header}: {name}(op(x, y)) == op({name}(x), {name}(y))"),
            state(f"claim {header}: {name}(x) == op({name}(y), {name}(x))"),
            state(f"claim {header}: op({name}(x), y) == op(y, {name}(x))"),
            state(f"claim {header}: {name}(op(x, y)) == {name}(y)"),
        ]
    return found


def claimant(number: int, a_turn: int = 40) -> dict[str, Any]:
    """An agent that states these claims, so many statements in a turn."""
    every = claims(number)
    return scripted(*(every[at : at + a_turn] for at in range(0, len(every), a_turn)))
