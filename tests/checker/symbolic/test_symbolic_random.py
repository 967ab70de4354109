"""Random equations between sums over indices: if an equation is proved, it is true at random values."""

from __future__ import annotations

from random import Random

import pytest

from relay.checker.symbolic import prove
from relay.notation import read_statement
from relay.notation.syntax import Claim
from tests.checker.symbolic.valuing import counterexample, scope

BATCHES, BATCH = 12, 120
DRAWS = 12
HYPOTHESES = ("", "symmetric(A)", "skew(A)", "hermitian(A)", "idempotent(A)", "A == B", "commute(A, B)", "v == u",
              "is_null(A)", "A == identity(n)", "n > 1 and A[0, 1] == x", "all(A[i, i] == x for i in range(n))",
              "dot(u, v) == x")  # fmt: skip
PARAMETERS = "A: Matrix[n, n], B: Matrix[n, n], u: Vector[n], v: Vector[n], x: Scalar"


def term(random: Random, indices: list[str], depth: int) -> str:
    """Return a scalar term over the parameters and some indices below n."""
    kind = random.randrange(9)
    i, j = random.choice(indices), random.choice(indices)
    if depth == 0 or kind == 0:
        leaves = [f"A[{i}, {j}]", f"B[{i}, {j}]", f"A[{j}, {i}]", f"u[{i}]", f"v[{j}]", "x"]
        leaf = random.choice([*leaves, f"delta({i}, {j})", f"below({i}, {j})", f"scalar({i})"])
        return f"conj({leaf})" if random.random() < 0.15 else leaf
    one = term(random, indices, depth - 1)
    if kind in (1, 2):
        fresh = f"k{len(indices)}"
        inner = term(random, [*indices, fresh, fresh], depth - 1)
        stop = random.choice(("n", "n", "n - 1", i if not i.isdigit() else "n"))
        return f"sum({inner} for {fresh} in range({stop}))"
    if kind == 3:
        return f"({one} if {i} {random.choice(('==', '<', '!='))} {j} else {term(random, indices, depth - 1)})"
    if kind == 4:
        return f"({one}) ** 2"
    return f"({one} {random.choice('++-***')} {term(random, indices, depth - 1)})"


def reshaped(text: str, random: Random) -> str:
    """Return the text with a few words changed. The value often stays the same, and often just does not."""
    changes = (("A[", "B["), ("u[", "v["), ("v[", "u["), ("k1", "k2"), ("range(n - 1)", "range(n)"), ("==", "!="),
               ("i, j", "j, i"), ("x *", "1 * x *"), (" + ", " - "), ("conj(x)", "x"))  # fmt: skip
    old, new = random.choice(changes)
    return text.replace(old, new, random.randint(1, 2)) if "k2" not in new or "k2" in text else text


def claim(random: Random) -> Claim | None:
    left = term(random, ["i", "j"], 3)
    right = reshaped(left, random) if random.random() < 0.7 else term(random, ["i", "j"], 2)
    sign = random.choice(("", "", "0 * x + ", "x - x + "))
    hypothesis = random.choice(HYPOTHESES)
    where = f" where {hypothesis}" if hypothesis else ""
    body = f"all({left} == {sign}{right} for i in range(n) for j in range(n))"
    try:
        found = read_statement(f"claim ({PARAMETERS}){where}: {body}", scope()[0])
    except ValueError:
        return None
    assert isinstance(found, Claim)
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_proved_is_true(batch: int) -> None:
    proved = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        random = Random(seed)
        made = claim(random)
        if made is None or prove(made, scope()[1]) is None:
            continue
        proved += 1
        assert counterexample(made, DRAWS, random) is None, made.source
    assert proved > BATCH // 20
