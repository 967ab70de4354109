"""The explorer's search for truth values in finite structures: equalities, connectives, and `all` or `any` over a sort.

First come the terms without a bound variable. If they do not explain every phenomenon, `all` and `any` of truth values
with one more variable follow, for each sort that this variable can have. Each of them has one `all` or `any`, at the
outside: a negation is found inside it, since not all is any that is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import Generator

from agents.explorer.structure_terms import Functions, TriedTerms, enumerate_terms, variable
from agents.explorer.target import Sought
from relay.researcher.bench import LocalBench, Rows
from relay.researcher.bench.connectives import TRUTH, unbracketed

FOLDED = 3
"""An enumeration under `all` and `any` may use 1/`FOLDED` of its allowance, since each of its terms is then evaluated
under both."""


class Ranging:
    """The terms `all(t for z in SORT)` and `any(t for z in SORT)`, for all truth values t up to a number of nodes."""

    def __init__(self, rows: Rows, bound: tuple[str, str], terms: TriedTerms) -> None:
        """`terms` are the terms t. Each one costs two evaluations here. `bound` is the name and the sort of z, the last
        variable of the terms' context."""
        self._terms, self._bound = terms, bound
        self._made: dict[bytes, tuple[str, int, int]] = {}
        """Values -> `all` or `any`, number of the enumeration, and serial number in it."""
        met: set[bytes] = set()
        for at, search in enumerate(terms.searches):
            values, serials = search.terms(TRUTH)
            fresh = [place for place, row in enumerate(values) if row.tobytes() not in met]
            met.update(row.tobytes() for row in values)
            for word in ("all", "any"):
                folded = rows.fold(word, values[fresh], bound[1])
                for row, serial in zip(folded, serials[fresh], strict=True):
                    self._made.setdefault(row.tobytes(), (word, at, int(serial)))

    @property
    def size(self) -> int:
        """Every such term of at most this many nodes was evaluated."""
        return self._terms.size + 1

    def find(self, target: Sought) -> str | None:
        """Return a term that agrees with the target; None if there is none."""
        row = target.key(self._terms.dtype) if target.whole else self._first(target)
        if row not in self._made:
            return None
        word, at, serial = self._made[row]
        name, sort = self._bound
        return f"{word}({unbracketed(self._terms.searches[at].spell(serial))} for {name} in {sort})"

    def _first(self, target: Sought) -> bytes:
        """The values of the first term that agrees with the target; empty if there is none."""
        keys = list(self._made)
        rows = (
            np.frombuffer(b"".join(keys), dtype=self._terms.dtype).reshape(len(keys), -1) if keys else np.zeros((0, 0))
        )
        place = target.first(rows)
        return b"" if place is None else keys[place]


def relate(
    bench: LocalBench,
    rows: Rows,
    context: Sequence[tuple[str, str]],
    functions: Functions,
    largest: int,
    allowance: int,
    rng: Generator,
    wanted: Mapping[int, Sought],
) -> tuple[dict[int, str], int]:
    """Search for terms whose values are truth values, with at most `allowance` evaluations.

    `wanted` holds the target of each phenomenon. Return the terms found, by phenomenon, and the number of nodes up to
    which every term in reach was tried. Phenomena that are explained without a bound variable need none.
    """
    stop = bench.left - allowance
    plain = enumerate_terms(bench, rows, context, functions, largest, allowance // 2, rng)
    found = plain.found(TRUTH, wanted)
    size = plain.size
    sorts = [sort.name for sort in bench.given.sorts]
    taken = {name for name, _ in context} | {
        each.name for each in (*functions.given, *functions.read, *functions.untold)
    }
    name = next(name for place in range(len(taken) + 1) if (name := variable(place)) not in taken)
    for place, sort in enumerate(sorts):
        if len(found) == len(wanted):
            break
        share = (bench.left - stop) // (len(sorts) - place)
        within = [*context, (name, sort)]
        terms = enumerate_terms(bench, rows, within, functions, largest - 1, share // FOLDED, rng)
        ranging = Ranging(rows, (name, sort), terms)
        for number, target in wanted.items():
            if number not in found and (term := ranging.find(target)) is not None:
                found[number] = term
        size = min(size, ranging.size)
    return found, size
