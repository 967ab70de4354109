"""Researchers that copy what they are shown, without one idea: each table is stated point by point.

`Copier(manner=...)` states every phenomenon as a definition that holds its values, split into statements that are small
enough. It is the strongest copier of its manner: it wastes no evaluation, and hands on all that it has stated.

- `choices`: one choice for every point.
- `rows`: a definition for every row, and a choice among them.
- `numerals`: the values packed into numerals, and read back by division.
- `together`: the values of all phenomena in one helper, which is told which of them is meant.
- `handed on`: the numerals, with the explanations left to the next generation, who find all helpers in the notes.
- `divided`: one number for each table, divided by a number of the point. It is the shortest copy that we know. Where
  tables are small, a numeral of four digits is found that will do; elsewhere the number has all values in its digits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.records.budget import Budget
from relay.records.task import Given
from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, PublicPhenomenon, TenureView
from relay.researcher.turn import TurnContext

MANNERS = ("choices", "rows", "numerals", "together", "handed on", "divided")
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
        sources = [source for source in dict.fromkeys(self._sources(view)) if _name(source) not in known]
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
            case "divided":
                numbers = numbered(view.observation.given)
                return [*write.divided(phenomena, numbers, view.observation.statement_size)]
        raise ValueError(f"no manner {self.manner}")


def _name(source: str) -> str:
    return source.split()[1].partition("(")[0]


def spec(manner: str) -> dict[str, Any]:
    """The spec of a copier."""
    return {"name": f"{Path(__file__).resolve()}:Copier", "parameters": {"manner": manner}}


Numbering = tuple[str, NDArray[np.int64]]
"""A term in `x` that has another number for every element, and these numbers by element."""


def numbered(given: Given) -> Numbering | None:
    """The first count of solutions that numbers the elements, if there is one."""
    sort = given.sorts[0]
    x, e = np.indices((sort.size, sort.size))
    sides = {"x": x, "e": e}
    for operation, left, right in product(given.operations, "xe", "xe"):
        table = np.array(operation.table)
        sides[f"{operation.name}({left}, {right})"] = table[sides[left], sides[right]]
    for one, other in combinations(sides, 2):
        counts = (sides[one] == sides[other]).sum(axis=1)
        # as the digits of a place, 0 and `size` would be the same
        if len(np.unique(counts)) == sort.size and np.ptp(counts) < sort.size:
            return f"count({one} == {other} for e in {sort.name})", counts
    return None


PLACES = tuple(f"{base} ** i({one}) {op} i({two})" for base in range(2, 10) for op in "+*" for one, two in ("xy", "yx"))
"""Numbers of a point, made of the numbers of its elements."""
SEARCHED = 10_000
"""Numerals below this are searched for one that holds a table."""
DIGITS = 16
"""Values in one number. 5 ** 16 has twelve digits, which are two numerals."""


def place_values(place: str, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The value of one of `PLACES` at every point."""
    base, one, op = int(place[0]), place[7], place[10]
    values = np.add.outer(base**numbers, numbers) if op == "+" else np.multiply.outer(base**numbers, numbers)
    return values if one == "x" else values.T


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

    def divided(
        self, phenomena: Sequence[PublicPhenomenon], numbering: Numbering | None, statement_size: int
    ) -> Iterator[str]:
        """One number for every phenomenon, divided by a number of the point."""
        q, sort = self.size, self.sort
        yield from self.elements()
        term, numbers = numbering or (f"first(k for k in range({q}) if at(k) == x)", np.arange(q))
        yield f"define i(x: {sort}) -> Nat = {term}"
        for phenomenon in phenomena:
            found = self.searched(phenomenon, numbers)
            if found is not None and len(str(found[1])) + 9 <= statement_size:
                place, numeral = found
                name = f"k{phenomenon.number}"
                yield f"define {name}(x: {sort}, y: {sort}) -> Nat = {place}"
                yield self.table(f"t{phenomenon.number}", f"[e for e in {sort}][{numeral} // {name}(x, y) % {q}]")
            else:
                yield from self.whole(phenomenon, numbers)

    def whole(self, phenomenon: PublicPhenomenon, numbers: NDArray[np.int64]) -> Iterator[str]:
        """All values in the digits of one number, or of several if there are more than `DIGITS`."""
        q, number = self.size, phenomenon.number
        yield f"define place(x: {self.sort}, y: {self.sort}) -> Nat = {q} * i(x) + i(y)"
        yield "define join(m: Nat, n: Nat) -> Nat = m * 10 ** 6 + n"
        yield f"define power(k: Nat) -> Nat = {q} ** (k % {DIGITS})"
        yield f"define read(n: Nat, k: Nat) -> {self.sort} = at(n // power(k) % {q})"
        digits = {int(q * numbers[x] + numbers[y]): row.output for row in phenomenon.rows for x, y in [row.inputs]}
        parts = []
        for start in range(0, max(digits) + 1, DIGITS):
            part = sum(digits.get(start + power, 0) * q**power for power in range(DIGITS))
            high, low = divmod(part, 10**6)
            stem = f"n{number}_{start}"
            yield f"define {stem}h() -> Nat = {high}"
            yield f"define {stem}() -> Nat = join({stem}h(), {low})"
            parts.append(f"{stem}()")
        if len(parts) > 1:
            yield f"define n{number}(k: Nat) -> Nat = [{', '.join(parts)}][k // {DIGITS}]"
            parts = [f"n{number}(place(x, y))"]
        yield self.table(f"t{number}", f"read({parts[0]}, place(x, y))")

    def searched(self, phenomenon: PublicPhenomenon, numbers: NDArray[np.int64]) -> tuple[str, int] | None:
        """One of `PLACES` and a numeral that is the table when it is divided by it; None if none was found."""
        for place in PLACES:
            values = place_values(place, numbers)
            left = np.arange(SEARCHED) if values.min() > 0 else np.empty(0, dtype=np.int64)
            for row in phenomenon.rows:
                left = left[left // values[row.inputs] % self.size == row.output]
            if left.size:
                return place, int(left[0])
        return None
