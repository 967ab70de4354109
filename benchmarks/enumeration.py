"""Compare the enumeration of terms in batches on the bench with the evaluation of each term alone, in terms a second.

The two are measured in turn in one run, so that the ratio does not depend on the machine's load.

    python3 benchmarks/enumeration.py
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import perf_counter

import numpy as np

from relay.evaluation import MatrixValue, evaluate
from relay.evaluation.algebra import Structure
from relay.notation import Scope, read_statement, read_term
from relay.notation.syntax import Definition, SortType, Term
from relay.records.task import Given, Operation, Sort
from relay.researcher.bench import LocalBench
from relay.researcher.bench.enumeration import Enumeration

Q = 5


def main() -> None:
    """Measure and print the rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluations", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print("terms a second             batched     one by one   ratio")
    for name, pair in (("structure", _structure), ("arrays", _arrays)):
        batched, single = pair(options.evaluations)
        rates = [(_rate(batched), _rate(single)) for _ in range(options.repeats)]
        fast, slow = (float(np.median([rate[side] for rate in rates])) for side in (0, 1))
        ratio = float(np.median([a / b for a, b in rates]))
        print(f"{name:<20} {fast:>14,.0f} {slow:>14,.0f} {ratio:>7.1f}")


def _rate(measured: Callable[[], int]) -> float:
    start = perf_counter()
    return measured() / (perf_counter() - start)


def _structure(evaluations: int) -> tuple[Callable[[], int], Callable[[], int]]:
    """Return two measurements on two random operations: a flat search, and the same terms evaluated one at a time."""
    rng = np.random.default_rng(0)
    operations = []
    for name in ("f", "g"):
        table = tuple(tuple(row) for row in rng.integers(0, Q, (Q, Q)).tolist())
        operations.append(Operation(name=name, parameters=("E", "E"), result="E", table=table))
    given = Given(sorts=(Sort(name="E", size=Q),), operations=tuple(operations))

    def search(allowance: int) -> Enumeration:
        bench = LocalBench(given, allowance)
        rows = bench.rows()
        terms, size = Enumeration(rows, [("x", "E"), ("y", "E")]), 0
        while bench.left:
            size += 1
            terms.grow(list(rows.functions.values()), size, bench.left, np.random.default_rng(1))
        return terms

    found = search(1_000)
    scope, sort = Scope(given), SortType("E")
    read: list[Term] = [read_term(found.spell(at), scope, {"x": sort, "y": sort}) for at in range(2, len(found), 3)]
    points = np.indices((Q, Q)).reshape(2, -1)
    model = Structure(given)

    def batched() -> int:
        search(evaluations)
        return evaluations

    def single() -> int:
        for term in read:
            evaluate(term, {"x": points[0], "y": points[1]}, Q * Q, model, {}, 10_000)
        return len(read)

    return batched, single


def _arrays(evaluations: int) -> tuple[Callable[[], int], Callable[[], int]]:
    """Return two measurements on products of two square matrices: in stacks, and each as a term of its own."""
    given = Given(scalars=True)
    texts = {(0, 2): "A[i, k]", (2, 1): "B[k, j]", (2, 0): "A[k, i]", (1, 2): "B[j, k]"}
    scope = Scope(given)
    stacked = 256

    def batched() -> int:
        bench = LocalBench(given, evaluations)
        arrays = bench.arrays([("n", "n"), ("n", "n")])
        left = arrays.entry(0, [0, 2], 3).take([0] * stacked)
        right = arrays.entry(1, [2, 1], 3).take([0] * stacked)
        while bench.left >= 2 * stacked:
            arrays.total(arrays.combine("mul", left, right), 2, "n")
        return bench.spent

    arrays = LocalBench(given, 10).arrays([("n", "n"), ("n", "n")])
    matrix = "matrix(sum({} * {} for k in range(n)) for i in range(n) for j in range(n))"
    header = "define t(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] = "
    from_text = [_body(header + matrix.format(a, b), scope) for a in texts.values() for b in texts.values()]

    def single() -> int:
        for body in from_text:
            for block in arrays.blocks:
                n, lanes = block.sizes["n"], block.points
                values = {name: MatrixValue(block.values[at], n, n) for at, name in enumerate("AB")}
                evaluate(body, {**values, "n": n}, lanes, block.model, {}, 10_000)
        return 2 * len(from_text)  # a product and a sum each, as the bench counts them

    return batched, single


def _body(source: str, scope: Scope) -> Term:
    statement = read_statement(source, scope)
    assert isinstance(statement, Definition)
    return statement.body


if __name__ == "__main__":
    main()
