"""Prints a table of the verdicts on claims whose truth is known: `python3 -m tests.checker.shares`.

Judges every claim of `tests/checker/soundness/` (a few minutes on two cores) and prints statuses, the share of true
claims that are accepted, that are proved, and that are proved at all sizes. The exit status is 1 if a false claim is
accepted or a true one refuted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from relay.records.status import Status
from tests.checker.test_soundness import claims, judged


def _line(source: str) -> tuple[str, str]:
    verdict = judged(source)
    return verdict.status.value, verdict.scope


def tally(name: str, processes: int) -> tuple[Counter[str], int]:
    """Returns the statuses of the claims in one file, and the number of claims proved at all sizes. A claim without
    sizes counts there if it is proved for every value."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        found = list(pool.map(_line, claims(name), chunksize=8))
    everywhere = sum(1 for status, scope in found if status == Status.PROVED and scope.endswith(("sizes", "value")))
    return Counter(status for status, _ in found), everywhere


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    true, everywhere = tally("true", options.processes)
    false, _ = tally("false", options.processes)
    count = true.total()
    accepted = sum(true[status.value] for status in Status if status.accepted)
    wrong = sum(false[status.value] for status in Status if status.accepted) + true[Status.REFUTED]
    summary = {
        "true": dict(sorted(true.items())),
        "false": dict(sorted(false.items())),
        "accepted": accepted / count,
        "proved": true[Status.PROVED] / count,
        "everywhere": everywhere / count,
        "wrong": wrong,
    }
    if options.json:
        print(json.dumps(summary))
        return int(wrong > 0)
    for name, counts in (("true", true), ("false", false)):
        print(f"{name}: {counts.total()} claims: " + ", ".join(f"{n} {status}" for status, n in sorted(counts.items())))
    print(f"true claims accepted: {accepted} of {count}, {accepted / count:.1%}")
    print(f"  proved: {true[Status.PROVED]}, {true[Status.PROVED] / count:.1%}")
    print(f"  proved at all sizes, or for every value where there are none: {everywhere}, {everywhere / count:.1%}")
    print(f"false claims accepted, or true ones refuted: {wrong}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
