"""What isolation costs: the laws of linear algebra, judged by plain copies of one loop and by workers.

    python3 benchmarks/workers.py [--claims N] [--workers N]

Seconds are processor time, so that a busy machine does not matter; beside them stands the time on the clock. The
*ratio* is what the copies spent on the claims over what the workers and their parent did.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time

from relay.examiner import Examiner
from relay.judge import PooledJudge
from relay.notation import read_statement
from relay.workers import Workers
from tasks.linear_algebra import LinearAlgebra

TASK = LinearAlgebra().build(1)


def laws(count: int) -> list[str]:
    """So many laws, no two alike: those of the task, parameters renamed."""
    sources = [law.source for concept in TASK.concepts for law in concept.laws]
    return [sources[n % len(sources)] + f"  # {n}" for n in range(count)]


def plain(sources: list[str], spent: multiprocessing.SimpleQueue[float]) -> None:
    """One copy: reads and judges its share; tells the processor time of the loop alone."""
    examiner = Examiner(TASK)
    theory = examiner.theory
    begun = time.process_time()
    for source in sources:
        examiner.verdict(read_statement(source, theory.scope), theory.definitions)
    spent.put(time.process_time() - begun)


def copies(sources: list[str], count: int) -> tuple[float, float]:
    """Processor time and time on the clock of so many plain copies side by side."""
    context = multiprocessing.get_context("spawn")
    spent = context.SimpleQueue()
    running = [context.Process(target=plain, args=(sources[n::count], spent)) for n in range(count)]
    begun = time.perf_counter()
    for process in running:
        process.start()
    total = sum(spent.get() for _ in running)
    wall = time.perf_counter() - begun
    for process in running:
        process.join()
    return total, wall


def pool(sources: list[str], count: int) -> tuple[float, float]:
    """The same of workers and their parent, their start and end counted too."""
    theory = Examiner(TASK).theory
    before, own = _children(), time.process_time()
    with Workers(count) as workers:
        judge = PooledJudge(workers, TASK)
        warm = [read_statement(f"claim (x: Scalar): x == {n}", theory.scope) for n in range(4 * count)]
        for future in [judge.submit(claim, theory.definitions, credit=False) for claim in warm]:
            future.result()
        begun = time.perf_counter()
        futures = [judge.submit(read_statement(s, theory.scope), theory.definitions, credit=False) for s in sources]
        for future in futures:
            future.result()
        wall = time.perf_counter() - begun
    return time.process_time() - own + _children() - before, wall


def _children() -> float:
    """Processor time of all processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, default=120)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    sources = laws(chosen.claims)
    plain_spent, plain_wall = copies(sources, chosen.workers)
    print(f"{chosen.workers} plain copies: {plain_spent:.1f} s of processor time, {plain_wall:.1f} s with their start")
    start, _ = pool([], chosen.workers)
    spent, wall = pool(sources, chosen.workers)
    spent -= start
    print(f"{chosen.workers} workers and their parent: {spent:.1f} s of processor time, {wall:.1f} s on the clock")
    print(f"ratio {plain_spent / spent:.2f}")


if __name__ == "__main__":
    main()
