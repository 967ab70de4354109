"""How often the answer on stalling is right, in simulated worlds: chains that stall at a planted depth, and chains that
go on.

    python3 benchmarks/stalls.py [--studies 400]

A simulated chain has layers of concepts. In each generation every concept whose layer is open, because the layer before
is at least half there, is found with a chance. In a world that goes on the chance is the same at any depth. In a world
that stalls it falls to nothing around the planted depth: over one layer in a sharp world, over four in a soft one. Each
theory has its own chance and its own planted depth, so trials differ.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass

import numpy as np

from analysis.stall.answer import answer
from analysis.stall.curves import FrontierCurves

LAYERS = 30
WIDTH = 3
GENERATIONS = 24


@dataclass(frozen=True)
class World:
    """How simulated chains behave."""

    name: str
    stalls_at: float | None
    """The planted depth, mean over theories; None in a world that goes on."""
    softness: float = 0.2
    """Over how many layers the chance falls."""
    chance: float = 0.55
    """Of a concept of an open layer to be found in a generation."""
    spread: float = 0.1
    """Standard deviation of a theory's chance, as a share of it, and of its planted depth in layers."""


WORLDS = (
    World("goes on", None),
    World("goes on, slowly", None, chance=0.3),
    World("goes on, noisy", None, spread=0.25),
    World("stalls at 5, sharp", 5),
    World("stalls at 5, soft", 5, softness=1.0),
    World("stalls at 8, sharp", 8, chance=0.9),
    World("stalls at 5, noisy", 5, spread=0.6),
)


def chain(world: World, rng: np.random.Generator) -> np.ndarray:
    """The depth of one simulated chain after each generation, in layers."""
    chance = float(np.clip(world.chance * (1 + world.spread * rng.standard_normal()), 0.05, 1))
    layers = np.arange(1, LAYERS + 1)
    easy = np.ones(LAYERS)
    if world.stalls_at is not None:
        planted = world.stalls_at + world.spread * rng.standard_normal()
        easy = 1 / (1 + np.exp((layers - planted - 0.5) / max(world.softness / 4, 0.02)))
    found = np.zeros((LAYERS, WIDTH), dtype=bool)
    depth = []
    for _ in range(GENERATIONS):
        share = found.mean(1)
        below = np.concatenate([[1.0], share[:-1]])
        opened = below >= 0.5
        found |= (rng.random(found.shape) < (chance * easy)[:, None]) & opened[:, None]
        depth.append(found.mean(1).sum())
    return np.array(depth)


def right(world: World, verdict: str) -> bool:
    """Whether a verdict fits a world."""
    return verdict == ("moving" if world.stalls_at is None else "stalls")


def main() -> None:
    """Print for each world and number of trials how often each verdict came, and how far off the depth was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=400, help="simulated studies of each world and number of trials")
    studies = parser.parse_args().studies
    print(f"{GENERATIONS} generations, {LAYERS} layers of {WIDTH}; {studies} studies a row")
    print(f"{'world':20} trials  right  wrong  undecided  within a layer  interval covers")
    for world in WORLDS:
        for trials in (4, 8, 12):
            rng = np.random.default_rng([trials, WORLDS.index(world)])
            verdicts: Counter[str] = Counter()
            near = covered = stalled = 0
            for study in range(studies):
                depth = np.array([chain(world, rng) for _ in range(trials)])
                found = answer(FrontierCurves(depth, LAYERS, np.zeros_like(depth)), seed=study)
                verdicts[found.verdict] += 1
                if world.stalls_at is not None and found.ceiling is not None and found.ceiling_interval is not None:
                    stalled += 1
                    near += abs(found.ceiling - world.stalls_at) <= 1
                    covered += found.ceiling_interval.holds(world.stalls_at)
            good = sum(count for verdict, count in verdicts.items() if right(world, verdict))
            unsure = verdicts["undecided"]
            told = f"{near / stalled:14.1%} {covered / stalled:16.1%}" if stalled else ""
            bad = studies - good - unsure
            print(
                f"{world.name:20} {trials:6} {good / studies:6.1%} {bad / studies:6.1%} {unsure / studies:10.1%} {told}"
            )


if __name__ == "__main__":
    main()
