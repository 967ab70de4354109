"""What worker processes add, and what a hostile claim takes away.

    python3 benchmarks/workers.py
    python3 benchmarks/workers.py --good 200    # a taste of it

Three figures, in wall-clock time, so that the machine should have nothing else to do:

1. two workers against one, over what two plain copies of the same loop reach against one copy: what handing statements
   out and taking answers back costs;
2. how long a hostile claim among the good ones delays them, against how long it takes alone.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from functools import cache
from random import Random

from checker import Setting, setting

from relay.workers import Workers

BATCH = 10
"""Statements that a worker is handed at once."""
HOSTILE = (
    "claim (v: Vector[n]): sum(v[i] * scalar(count(s[0] == t[0] for s in permutations(8) for t in permutations(4))) "
    "for i in range(n)) == sum(v[i] for i in range(n))"
)


@cache
def here() -> Setting:
    """The definitions, read once a process."""
    return setting()


def good(count: int) -> list[str]:
    """Different claims, true and false, of a few milliseconds each."""
    random = Random(1)
    claims = []
    for _ in range(count):
        a, b = random.sample(range(2, 5_000), 2)
        claims.append(
            f"claim (A: Matrix[3, 3], B: Matrix[3, 3]): det(plus(scale({a}, mul(A, B)), scale({b}, mul(A, B)))) == "
            f"{a + b} ** 3 * det(A) * det(B)"
        )
    return claims


def judged(claims: tuple[str, ...]) -> list[str]:
    """Their statuses."""
    return [here().status(claim).value for claim in claims]


def batches(claims: list[str]) -> list[tuple[str, ...]]:
    return [tuple(claims[at : at + BATCH]) for at in range(0, len(claims), BATCH)]


async def seconds(count: int, work: list[tuple[str, ...]]) -> float:
    """What `count` workers take for all of the work, each handed what comes next as soon as it is free."""
    async with Workers(count) as workers:
        await asyncio.gather(*(workers.run(judged, work[0][:1]) for _ in range(4 * count)))  # all have started
        begun = time.perf_counter()
        waiting = iter(work)

        async def busy() -> None:
            for batch in waiting:
                await workers.run(judged, batch)

        await asyncio.gather(*(busy() for _ in range(count)))
        return time.perf_counter() - begun


def copies(count: int, statements: int) -> float:
    """What the slowest of some copies of the loop takes, each over all of the statements."""
    command = [sys.executable, __file__, "--loop", "--good", str(statements)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return max(float(process.communicate()[0]) for process in running)


def loop(statements: int) -> float:
    """The plain loop."""
    claims = good(statements)
    judged(tuple(claims[:1]))
    begun = time.perf_counter()
    for batch in batches(claims):
        judged(batch)
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--good", type=int, default=1_000, help="claims")
    parser.add_argument("--loop", action="store_true", help="only the plain loop, for the copies")
    options = parser.parse_args()
    if options.loop:
        print(loop(options.good))
        return
    work = batches(good(options.good))
    one, two = asyncio.run(seconds(1, work)), asyncio.run(seconds(2, work))
    alone, both = copies(1, options.good), copies(2, options.good)
    workers, plain = one / two, 2 * alone / both
    print(f"{options.good} claims: one worker {one:.2f} s, two {two:.2f} s: {workers:.2f} times as many")
    print(f"one copy of the loop {alone:.2f} s, two at once {both:.2f} s: {plain:.2f} times as many")
    print(f"workers over copies: {workers / plain:.2f}")

    begun = time.perf_counter()
    status = judged((HOSTILE,))[0]
    hostile = time.perf_counter() - begun
    middle = len(work) // 2
    among = asyncio.run(seconds(1, [*work[:middle], (HOSTILE,), *work[middle:]]))
    print(f"a hostile claim ({status}) takes {hostile:.2f} s alone, and delays {options.good} others on one worker by "
          f"{among - one:.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
