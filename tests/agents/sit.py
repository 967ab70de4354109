"""Seats a person in a toy trial of two generations: `sit.py DIRECTORY SECONDS`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from relay.records.budget import Budget
from tests.trial.helpers import condition, run


def main(where: str, seconds: str) -> None:
    budget = Budget(turns=9, tokens=400_000, context=40_000, evaluations=9, seconds=float(seconds))
    run(Path(where), condition(agent="human", generations=2, budget=budget))


if __name__ == "__main__":
    main(*sys.argv[1:])
