"""Measure the cost of isolation in worker processes, and the delay that a hostile claim causes.

    python3 benchmarks/workers.py                           # all of it
    python3 benchmarks/workers.py --laws 20 --claims 200    # a short run

The checker judges laws of the linear algebra task, and true claims about matrices that take a few milliseconds each: in
plain copies of one loop, and in worker processes. A parent process reads the statements and hands them to the workers
one by one, with limits, guard and all other protection. Everything is measured several times in turn, in wall-clock
time, and the fastest counts. The machine should be idle otherwise. Two results:

1. The speed-up from one to two workers, divided by the speed-up from one to two plain copies: the cost of handing out
   statements as workers are added. With brief claims the parent needs a core of its own. With two cores there is one
   beside one worker, but none beside two.
2. The delay of the last claim if a hostile claim is in the middle, with one worker; and the time that the hostile claim
   takes alone.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from itertools import product
from random import Random
from typing import Any

from relay.commands.file_check import AHEAD
from relay.commands.ordered import in_order
from relay.notation import read_statement
from relay.records.task import Task
from relay.scoring.examiner import Examiner
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers
from tasks.linear_algebra import LinearAlgebra

HOSTILE = (
    "claim (v: Vector[n]): sum(v[i] * scalar(count(s[0] == t[0] for s in permutations(8) for t in permutations(4))) "
    "for i in range(n)) == sum(v[i] for i in range(n))"
)
"""A claim that needs nearly a million pairs of permutations for each value, so its fuel runs out."""
WARM = 20
"""Number of claims that each process judges before it is timed."""
FORMS = (
    "determinant(matrix_sum(matrix_multiple({a}, product(A, B)), matrix_multiple({b}, product(B, A)))) == "
    "determinant(matrix_sum(matrix_multiple({b}, product(B, A)), matrix_multiple({a}, product(A, B))))",
    "trace(product(matrix_multiple({a}, A), matrix_multiple({b}, B))) == {a} * {b} * trace(product(B, A))",
    "determinant(matrix_multiple({a}, product(A, transpose(B)))) == {a} ** 3 * determinant(A) * determinant(B) + "
    "{b} * (trace(A) - trace(transpose(A)))",
)


def good(count: int) -> list[str]:
    """Return `count` true claims, all different."""
    random = Random(1)
    claims = []
    for n in range(count):
        a, b = random.sample(range(2, 50_000), 2)
        claims.append(f"claim (A: Matrix[3, 3], B: Matrix[3, 3]): {FORMS[n % len(FORMS)].format(a=a, b=b)}")
    return claims


def laws(task: Task, count: int) -> list[str]:
    """Return about `count` laws, evenly spread over the task."""
    sources = [law.source for concept in task.concepts for law in concept.laws]
    return sources[:: max(1, len(sources) // count)][:count]


def plain(sources: Sequence[str], begin: Any, spent: Any) -> None:
    """Run one copy of the loop after `begin` is set: read and judge all statements. Puts its seconds into `spent`."""
    examiner = Examiner(LinearAlgebra().build(1))
    theory = examiner.theory
    for source in good(WARM):
        examiner.verdict(read_statement(source, theory.scope), theory.definitions)
    spent.put(0.0)  # reports that this copy is warm
    begin.wait()
    clock = time.perf_counter()
    for source in sources:
        verdict = examiner.verdict(read_statement(source, theory.scope), theory.definitions)
        assert verdict.status.accepted, source
    spent.put(time.perf_counter() - clock)


def copies(sources: Sequence[str], count: int) -> float:
    """Return the seconds of the slowest of `count` copies, which divide the statements among them."""
    context = multiprocessing.get_context("spawn")
    spent, begin = context.Queue(), context.Event()
    running = [context.Process(target=plain, args=(sources[n::count], begin, spent)) for n in range(count)]
    for process in running:
        process.start()
    for _ in running:
        spent.get()  # wait until all copies are warm
    begin.set()
    slowest = max(float(spent.get()) for _ in running)
    for process in running:
        process.join()
    return slowest


async def pool(task: Task, sources: Sequence[str], count: int) -> float:
    """Return the seconds of `count` workers and their parent, without the start of the processes."""
    theory = Examiner(task).theory
    async with Workers(count) as workers:
        judge = PooledJudge(workers, task)

        async def judged(claim: str) -> None:
            found = await judge.examine(read_statement(claim, theory.scope), theory.definitions, credit=False)
            assert found.verdict.status.accepted is not (claim == HOSTILE), claim

        async def all_judged(claims: Sequence[str]) -> None:
            async for _ in in_order(map(judged, claims), AHEAD * count):
                pass

        await all_judged(good(WARM * count))  # warms the workers
        clock = time.perf_counter()
        await all_judged(sources)
        return time.perf_counter() - clock


def main() -> None:
    """Measure and print both results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=int, default=100)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    # The first claims warm the processes. They are left out, since their verdicts would be remembered.
    task, claims = LinearAlgebra().build(1), good(WARM * 2 + chosen.claims)[WARM * 2 :]
    middle = [*claims[: len(claims) // 2], HOSTILE, *claims[len(claims) // 2 :]]
    scaling(task, "laws", laws(task, chosen.laws), chosen.rounds)
    one = scaling(task, "brief claims", claims, chosen.rounds)
    alone = min(asyncio.run(pool(task, [HOSTILE], 1)) for _ in range(chosen.rounds))
    among = min(asyncio.run(pool(task, middle, 1)) for _ in range(chosen.rounds))
    print(f"a hostile claim takes {alone:.2f} s by itself, and delays {len(claims)} others by {among - one:.2f} s")


def scaling(task: Task, what: str, sources: Sequence[str], rounds: int) -> float:
    """Print the speed-up of two copies and of two workers. Return the seconds of one worker."""
    found: dict[tuple[str, int], float] = {}
    for _, count in product(range(rounds), (1, 2)):
        for name, seconds in (("copies", copies(sources, count)), ("workers", asyncio.run(pool(task, sources, count)))):
            found[name, count] = min(seconds, found.get((name, count), seconds))
    print(f"{len(sources)} {what}, {rounds} rounds, seconds on the clock")
    print(f"{'':10}{'one':>8}{'two':>8}{'times as fast':>16}")
    gain = {name: found[name, 1] / found[name, 2] for name in ("copies", "workers")}
    for name in gain:
        print(f"{name:10}{found[name, 1]:8.2f}{found[name, 2]:8.2f}{gain[name]:16.2f}")
    print(f"workers over copies: {gain['workers'] / gain['copies']:.2f}\n", flush=True)
    return found["workers", 1]


if __name__ == "__main__":
    main()
