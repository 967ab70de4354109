"""Blocks of random claims. One process judges a block as a whole; the result is one line of the file."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from tests.checker.referee.lanes import compare
from tests.checker.referee.random_claims import random_claim

BLOCK = 100
"""Number of claims in a block."""


def judge_block(seed: int, block: int, size: int) -> dict[str, Any]:
    """Judge the claims of one block, and return the results as a line of the file."""
    counts: Counter[str] = Counter()
    wrong: list[dict[str, Any]] = []
    missed: list[dict[str, Any]] = []
    spent = time.process_time()
    for number in range(block * BLOCK, block * BLOCK + size):
        read = random_claim(seed, number)
        try:
            found = compare(read)
        except Exception as error:
            wrong.append({"number": number, "claim": read.source, "why": [f"crashed: {error!r}"]})
            counts["crashed|-|-|-|-"] += 1
            continue
        counts["|".join((found.status, found.symbolic, found.brute, found.built, found.confirmed))] += 1
        for reasons, listed in ((found.disagreements, wrong), (found.missed, missed)):
            if reasons:
                listed.append({"number": number, "claim": read.source, "why": list(reasons)})
    return {
        "block": block,
        "claims": size,
        "seconds": round(time.process_time() - spent, 2),
        "counts": dict(sorted(counts.items())),
        "wrong": wrong,
        "missed": missed,
    }
