"""Plant a word in every place that a tenure can write to, and search every later prompt for it, under all note and
memory schemes and hand-over steps that are installed; then look for words of the hidden graph under the interventions.

    python3 benchmarks/canary.py
    python3 benchmarks/canary.py --notes ledger --notes 'wiki(cap=300)' --memory fresh

A row is a channel, a column a scheme: `+` another researcher read the word, as declared; `o` that is declared and did
not happen; `.` that is not declared and did not happen; `LEAK` it happened undeclared; nothing: the scheme has no such
channel. What is declared stands in `tests/attack/canary_channels.py`. The last line counts the leaks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.attack.canary import Crossing, canary
from tests.attack.canary_channels import CHANNELS, CROWDED, EMBEDDED, MEMORIES, NOTES, STEPS
from tests.attack.canary_theory import HIDDEN, INTERVENTIONS, hidden_in_prompts


class Arm(NamedTuple):
    """The schemes of one trial."""

    notes: str
    memory: str
    step: str = ""


def main() -> None:
    """Run the trials, print a table for each kind of scheme, and end with status 1 if there is a leak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", action="append", help="a note scheme; may be given several times")
    parser.add_argument("--memory", action="append", choices=MEMORIES, help="a memory scheme; the same")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()

    notes = options.notes or [*NOTES, EMBEDDED, *CROWDED]
    memories = options.memory or list(MEMORIES)
    arms = [Arm(one, memory) for memory in memories for one in notes]
    # without notes there are none of another trial either
    arms += [Arm(one, "fresh", step) for step in STEPS for one in notes if (step, one) != ("foreign", "none")]
    with ProcessPoolExecutor(options.processes) as pool:
        found = dict(zip(arms, pool.map(planted, arms), strict=True))
        hidden = dict(zip(INTERVENTIONS, pool.map(read_of_the_theory, INTERVENTIONS), strict=True))

    plain = [(arm, each) for arm, each in found.items() if not arm.step]
    table("Notes, without memory", notes, [(arm.notes, each) for arm, each in plain if arm.memory == "fresh"])
    table("Memory, beside all note schemes", memories, [(arm.memory, each) for arm, each in plain])
    stepped = [(arm.step, each) for arm, each in found.items() if arm.step]
    table("Hand-over steps, after all note schemes", STEPS, stepped)
    print("The hidden graph, under interventions (`+` told as declared)")
    for name, read in hidden.items():
        marks = [mark(each in INTERVENTIONS[name], each in read) for each in HIDDEN]
        print(f"  {' '.join(marks)}  {name or 'none'}")
    print(f"  in this order: {'; '.join(HIDDEN)}\n")

    crossings = [one for each in found.values() for one in each]
    leaks = [(arm, one) for arm, each in found.items() for one in each if one.leaked]
    beyond = [(name, each) for name, read in hidden.items() for each in sorted(read - INTERVENTIONS[name])]
    for arm, one in leaks:
        print(f"LEAK: {one.channel}, read {one.reader} ({', '.join(filter(None, arm))})")
    for name, each in beyond:
        print(f"LEAK: {each} ({name or 'no intervention'})")
    declared = sum(one.declared for one in crossings)
    crossed = sum(one.crossed for one in crossings)
    print(
        f"{len(CHANNELS)} channels, {len(arms)} trials, {len(crossings):,} pairs of a channel and a kind of reader: "
        f"{declared:,} declared, {crossed:,} crossed; {len(HIDDEN)} hidden things, {len(hidden)} interventions"
    )
    print(f"{len(leaks) + len(beyond)} leaks")
    sys.exit(bool(leaks or beyond))


def planted(arm: Arm) -> list[Crossing]:
    """What crossed in one trial."""
    with tempfile.TemporaryDirectory() as scratch:
        return canary(Path(scratch) / "trial", *arm)


def read_of_the_theory(intervention: str) -> set[str]:
    """What was read of the hidden graph in one trial."""
    with tempfile.TemporaryDirectory() as scratch:
        return hidden_in_prompts(Path(scratch) / "trial", intervention)


def table(head: str, columns: Iterable[str], found: Sequence[tuple[str, list[Crossing]]]) -> None:
    """Print channels by schemes: what others than the author itself read."""
    columns = list(columns)
    print(head)
    for number, name in enumerate(columns, 1):
        print(f"  {number:2} {name}")
    print(" " * 46 + " ".join(f"{number:>4}" for number in range(1, len(columns) + 1)))
    for channel in CHANNELS:
        cells = [
            [one for name, each in found if name == column for one in each if one.channel == channel]
            for column in columns
        ]
        print(f"  {channel:44}" + " ".join(f"{cell(each):>4}" for each in cells).rstrip())
    print()


def cell(crossings: Sequence[Crossing]) -> str:
    """The mark for some crossings of one channel."""
    others = [one for one in crossings if one.reader != "itself"]
    if any(one.leaked for one in crossings):
        return "LEAK"
    if not others:
        return ""
    return mark(any(one.declared for one in others), any(one.crossed for one in others))


def mark(declared: bool, crossed: bool) -> str:
    """The mark for what is declared and what happened."""
    if crossed:
        return "+" if declared else "LEAK"
    return "o" if declared else "."


if __name__ == "__main__":
    main()
