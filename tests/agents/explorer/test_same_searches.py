"""The explorer's searches give what they gave before: how they are carried out may change, what they compute may not.

A digest stands for a whole search: the evaluations that it spent, the digest of all its values in their order, how far
it went, and what it found. If a rule of the search changes on purpose, run this file as a program for the new digests:

    python -m tests.agents.explorer.test_same_searches
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import product
from typing import Any

import numpy as np
import pytest

from agents.explorer.arrays import ArraysPayload, explore
from agents.explorer.curation import CuratePayload, curate
from agents.explorer.structure import StructurePayload, explain
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Row, Sort
from relay.researcher.bench import LocalBench
from relay.researcher.observation import PublicPhenomenon

TERMS = (
    "f(x, y)",
    "g(f(x, y), x)",
    "f(g(y, x), g(x, x))",
    "g(f(y, f(x, y)), g(y, y))",
    "f(f(g(x, y), y), g(y, f(x, x)))",
)
"""Definitions in the structures: the first ones can be read, and all are shown as tables."""

NOTES = (
    "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] = "
    "matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))",
    "define flip(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))",
    "define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))",
    "define apply(A: Matrix[m, n], v: Vector[n]) -> Vector[m] = "
    "vector(sum(A[i, j] * v[j] for j in range(n)) for i in range(m))",
    "define dot(u: Vector[n], v: Vector[n]) -> Scalar = sum(u[i] * v[i] for i in range(n))",
    "define unit(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))",
    "define kernel(A: Matrix[m, n], v: Vector[n]) -> Bool = "
    "all(a == 0 for a in [sum(A[i, j] * v[j] for j in range(n)) for i in range(m)])",
)  # fmt: skip


Search = Callable[[], tuple[LocalBench, Any]]
"""Returns the bench after a search, and what was found."""


def _library(sources: Sequence[str], given: Given) -> tuple[tuple[str, Definition], ...]:
    library: dict[str, Definition] = {}
    for source in sources:
        statement = read_statement(source, Scope(given, library))
        assert isinstance(statement, Definition)
        library[statement.name] = statement
    return tuple(library.items())


def _structure(q: int, read: int, evaluations: int, result: str = "E", study_cost: int = 0) -> Search:
    """A search in a structure with `q` elements and two operations, with `read` definitions that were read."""

    def search() -> tuple[LocalBench, Any]:
        rng = np.random.default_rng(q)
        tables = {name: rng.integers(0, q, (q, q)) for name in "fg"}
        operations = tuple(
            Operation(name=name, parameters=("E", "E"), result="E", table=tuple(map(tuple, table.tolist())))
            for name, table in tables.items()
        )
        given = Given(sorts=(Sort(name="E", size=q),), operations=operations)
        names = {name: (lambda a, b, table=table: table[a, b]) for name, table in tables.items()}
        x, y = np.indices((q, q))
        phenomena = []
        for number, term in enumerate(TERMS, 1):
            values = _value(term, names, {"x": x, "y": y})
            outputs = values if result == "E" else values == x
            rows = tuple(Row(inputs=point, output=outputs[point].item()) for point in product(range(q), repeat=2))
            phenomena.append(
                PublicPhenomenon(
                    number=number, text="", parameters=("E", "E"), result=result, field="structure", rows=rows
                )
            )
        sources = [f"define d{place}(x: E, y: E) -> E = {term}" for place, term in enumerate(TERMS[:read])]
        bench = LocalBench(given, evaluations)
        payload = StructurePayload(_library(sources, given), tuple(phenomena), 13, 5, study_cost, 7)
        return bench, [(each.phenomenon, each.term) for each in explain(bench, payload)]

    return search


def _value(term: str, functions: dict[str, Any], variables: dict[str, Any]) -> Any:
    """The values of a term at all points."""
    if term in variables:
        return variables[term]
    name, _, inside = term[:-1].partition("(")
    depth, comma = 0, 0
    for place, letter in enumerate(inside):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            comma = place
    return functions[name](
        *(_value(part.strip(), functions, variables) for part in (inside[:comma], inside[comma + 1 :]))
    )


def _arrays(read: int, evaluations: int, seed: int, study_cost: int = 0) -> Search:
    """A search over scalars and arrays with the first `read` of `NOTES`."""

    def search() -> tuple[LocalBench, Any]:
        given = Given(scalars=True)
        bench = LocalBench(given, evaluations)
        payload = ArraysPayload(given, _library(NOTES[:read], given), 40, study_cost, seed)
        return bench, [(find.source, find.remark) for find in explore(bench, payload)]

    return search


def _curated() -> tuple[LocalBench, Any]:
    given = Given(scalars=True)
    bench = LocalBench(given, 2_000)
    return bench, curate(bench, CuratePayload(_library(NOTES, given), (), {"trace": 1}, 150))


SEARCHES: dict[str, tuple[Search, str]] = {
    "structure, nothing read": (_structure(4, 0, 20_000), "7ed09aadfa600ea6"),
    "structure, three read": (_structure(5, 3, 30_000), "bd524b0dbd590b07"),
    "structure, studied, few evaluations": (_structure(5, 3, 900, study_cost=100), "7bba8854cf522e6b"),
    "structure, large": (_structure(9, 2, 8_000), "80c0fc6a8458ae11"),
    "structure, of two bytes": (_structure(300, 1, 40), "bcc296426cf4e366"),
    "structure, truth values": (_structure(3, 2, 9_000, "Bool"), "6c72d843d33c230a"),
    "arrays, nothing read": (_arrays(0, 4_000, 1), "11ba99ca81210e12"),
    "arrays, three read": (_arrays(3, 5_000, 2), "dcd93ae7893e4095"),
    "arrays, all read": (_arrays(7, 6_000, 3), "6747ccbad852c054"),
    "arrays, studied": (_arrays(7, 6_000, 4, study_cost=50), "0b0561f22997e3db"),
    "curation": (_curated, "88f4bf499d51f1bc"),
}
"""Name -> search, and the digest of what it computed and found."""


def digest(search: Search) -> str:
    bench, found = search()
    reach = None if bench.reach is None else [bench.reach.size, bench.reach.exhausted]
    return sha256(json.dumps([bench.spent, bench.digest, reach, found]).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_computes_and_finds_what_it_did(name: str) -> None:
    search, expected = SEARCHES[name]
    assert digest(search) == expected


if __name__ == "__main__":
    for name, (search, _) in SEARCHES.items():
        print(f"{name}: {digest(search)}")
