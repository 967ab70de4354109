"""Researchers that copy what they are shown, without one idea: each table is stated point by point.

`Copier(manner=...)` states every phenomenon as a definition that holds its values, split into statements that are small
enough. It is the strongest copier of its manner: it wastes no evaluation, and hands on all that it has stated.

- `choices`: one choice for every point.
- `rows`: a definition for every row, and a choice among them.
- `numerals`: the values packed into numerals, and read back by division.
- `together`: the values of all phenomena in one helper, which is told which of them is meant.
- `handed on`: the numerals, with the explanations left to the next generation, who find all helpers in the notes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from relay.records.budget import Budget
from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, PublicPhenomenon, TenureView
from relay.researcher.turn import TurnContext

MANNERS = ("choices", "rows", "numerals", "together", "handed on")
AMPLE = Budget(turns=40, tokens=20_000_000, context=1_000_000, evaluations=20_000, answer=100_000)
"""A budget that sets no copier any limit but the size of a statement."""
NOTES = "ledger(cap=400000)"
PACKED = 8
"""Values in one numeral. 5 ** 8 is below the largest numeral."""


class Copier(Agent):
    """Copies every phenomenon in one of the `MANNERS`."""

    manner: str

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """State everything in the first turn, then end."""
        if view.turns:
            return Answer(text='{"actions": [{"action": "end"}]}')
        known = {name for entry in view.observation.inheritance.entries for name in entry.names}
        sources = [source for source in self._sources(view) if source.split()[1].partition("(")[0] not in known]
        record = {"record": True} if self.manner == "handed on" else {}
        actions: list[dict[str, Any]] = [{"action": "state", "source": source, **record} for source in sources]
        return Answer(text=json.dumps({"actions": actions}))

    def _sources(self, view: TenureView) -> list[str]:
        sort = view.observation.given.sorts[0]
        write = Writer(sort.name, sort.size)
        phenomena = view.observation.phenomena
        match self.manner:
            case "choices":
                return [*write.elements(), *write.picking(), *(s for p in phenomena for s in write.choices(p))]
            case "rows":
                return [*write.elements(), *write.by_row(), *(s for p in phenomena for s in write.rows(p))]
            case "numerals":
                return [*write.elements(), *write.unpacking(), *(s for p in phenomena for s in write.numerals(p))]
            case "together":
                return [*write.elements(), *write.unpacking(), *write.together(phenomena)]
            case "handed on":
                if not view.observation.inheritance.entries:
                    tables = (source for p in phenomena for source in write.numerals(p, "u"))
                    return [*write.elements(), *write.unpacking(), *tables]
                return [write.table(f"t{p.number}", f"u{p.number}(x, y)") for p in phenomena]
        raise ValueError(f"no manner {self.manner}")


def spec(manner: str) -> dict[str, Any]:
    """The spec of a copier."""
    return {"name": f"{Path(__file__).resolve()}:Copier", "parameters": {"manner": manner}}


class Writer:
    """Writes definitions over a sort of `size` elements."""

    def __init__(self, sort: str, size: int) -> None:
        self.sort, self.size = sort, size

    def table(self, name: str, body: str) -> str:
        """A definition with the type of a phenomenon."""
        return f"define {name}(x: {self.sort}, y: {self.sort}) -> {self.sort} = {body}"

    def elements(self) -> Iterator[str]:
        """Elements by their numbers."""
        yield f"define at(k: Nat) -> {self.sort} = [e for e in {self.sort}][k]"

    def picking(self) -> Iterator[str]:
        """The value v at the point (i, j), and e elsewhere."""
        yield f"define same(x: {self.sort}, i: Nat) -> Bool = x == at(i)"
        yield f"define hits(x: {self.sort}, y: {self.sort}, i: Nat, j: Nat) -> Bool = same(x, i) and same(y, j)"
        yield (
            f"define pick(x: {self.sort}, y: {self.sort}, i: Nat, j: Nat, v: Nat, e: {self.sort}) -> {self.sort} = "
            "at(v) if hits(x, y, i, j) else e"
        )

    def choices(self, phenomenon: PublicPhenomenon) -> Iterator[str]:
        """A choice for every point; the last one is the table."""
        below = "x"
        for at, row in enumerate(phenomenon.rows):
            name = f"t{phenomenon.number}" if at == len(phenomenon.rows) - 1 else f"p{phenomenon.number}_{at}"
            i, j = row.inputs
            yield self.table(name, f"pick(x, y, {i}, {j}, {row.output}, {below})")
            below = f"{name}(x, y)"

    def by_row(self) -> Iterator[str]:
        """The value v where x is the element i, and e elsewhere."""
        yield (
            f"define case(x: {self.sort}, i: Nat, v: {self.sort}, e: {self.sort}) -> {self.sort} = "
            "v if x == at(i) else e"
        )

    def rows(self, phenomenon: PublicPhenomenon) -> Iterator[str]:
        """A definition for every row, value by value, and a choice among the rows."""
        number, last = phenomenon.number, "x"
        shown = sorted({row.inputs[0] for row in phenomenon.rows})
        for i in shown:
            below = "y"
            for at, row in enumerate(row for row in phenomenon.rows if row.inputs[0] == i):
                name = f"r{number}_{i}_{at}"
                body = f"case(y, {row.inputs[1]}, at({row.output}), {below})"
                yield f"define {name}(y: {self.sort}) -> {self.sort} = {body}"
                below = f"{name}(y)"
            name = f"t{number}" if i == shown[-1] else f"q{number}_{i}"
            yield self.table(name, f"case(x, {i}, {below}, {last})")
            last = f"{name}(x, y)"

    def unpacking(self) -> Iterator[str]:
        """The number of an element, that of a point, and a digit of a number."""
        q = self.size
        yield f"define index(x: {self.sort}) -> Nat = first(i for i in range({q}) if at(i) == x)"
        yield f"define place(x: {self.sort}, y: {self.sort}) -> Nat = index(x) * {q} + index(y)"
        yield f"define digit(n: Nat, k: Nat) -> Nat = n // {q} ** (k % {PACKED}) % {q}"

    def packed(self, phenomenon: PublicPhenomenon) -> Iterator[str]:
        """The numerals that hold the values of a phenomenon, and a choice among them by the number of a point."""
        values = {row.inputs: row.output for row in phenomenon.rows}
        points = [(i, j) for i in range(self.size) for j in range(self.size)]
        stem, names = f"n{phenomenon.number}", []
        for at in range(0, len(points), PACKED):
            pack = enumerate(points[at : at + PACKED])
            names.append(f"{stem}_{at}()")
            yield f"define {names[-1]} -> Nat = {sum(values.get(point, 0) * self.size**power for power, point in pack)}"
        yield f"define {stem}(k: Nat) -> Nat = [{', '.join(names)}][k // {PACKED}]"

    def numerals(self, phenomenon: PublicPhenomenon, name: str = "t") -> Iterator[str]:
        """The values of a phenomenon in numerals."""
        yield from self.packed(phenomenon)
        pack = f"n{phenomenon.number}(place(x, y))"
        yield self.table(f"{name}{phenomenon.number}", f"at(digit({pack}, place(x, y)))")

    def together(self, phenomena: Sequence[PublicPhenomenon]) -> Iterator[str]:
        """One helper with the values of all phenomena, and a short definition for each."""
        last = "0"
        for phenomenon in phenomena:
            number = phenomenon.number
            yield from self.packed(phenomenon)
            yield f"define all{number}(p: Nat, k: Nat) -> Nat = n{number}(k) if p == {number} else {last}"
            last = f"all{number}(p, k)"
        pack = f"all{phenomena[-1].number}(p, k)"
        yield f"define every(p: Nat, k: Nat) -> {self.sort} = at(digit({pack}, k))"
        for phenomenon in phenomena:
            yield self.table(f"t{phenomenon.number}", f"every({phenomenon.number}, place(x, y))")
