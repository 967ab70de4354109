"""Random claims in all lanes: `python -m tests.checker.referee --claims 100000 --processes 2 --out referee.jsonl`.

Claims are judged in blocks. Each finished block is a line of the file, so that a stopped run continues where it was. At
the end (and with `--table` at any time), the command prints how often the checker's verdicts go with which results of
the other lanes, and every disagreement with its claim. The exit status is 1 if there is a disagreement.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from relay.checker.checker import CHECKER
from tests.checker.referee.blocks import BLOCK, judge_block


def blocks(claims: int) -> Iterator[tuple[int, int]]:
    """Yield the number and the size of each block."""
    for start in range(0, claims, BLOCK):
        yield start // BLOCK, min(BLOCK, claims - start)


def done(path: Path, header: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a file that starts with this header. An incomplete last line is dropped."""
    if not path.exists():
        return []
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    if lines and lines[0] != header:
        sys.exit(f"{path} was begun as {lines[0]}, not as {header}; name another file with --out")
    return lines[1:]


def run(claims: int, seed: int, processes: int, path: Path) -> list[dict[str, Any]]:
    """Judge the blocks that the file lacks, and return all its lines."""
    header = {"seed": seed, "checker": CHECKER, "block": BLOCK}
    lines = done(path, header)
    known = {(line["block"], line["claims"]) for line in lines}
    waiting = [block for block in blocks(claims) if block not in known]
    text = "".join(json.dumps(line) + "\n" for line in (header, *lines))
    path.write_text(text, encoding="utf-8")
    began, finished = time.monotonic(), 0
    with (
        path.open("a", encoding="utf-8") as out,
        ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=os.nice, initargs=(5,)) as pool,
    ):
        futures = [pool.submit(judge_block, seed, *block) for block in waiting]
        for future in as_completed(futures):
            line = future.result()
            lines.append(line)
            out.write(json.dumps(line) + "\n")
            out.flush()
            finished += 1
            left = (time.monotonic() - began) / finished * (len(waiting) - finished)
            wrong = sum(len(each["wrong"]) for each in lines)
            note = f"{sum(each['claims'] for each in lines)} of {claims} claims, {wrong} disagreements, "
            print(f"\r{note}{left / 60:.0f} min left   ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return lines


def table(lines: list[dict[str, Any]]) -> str:
    """Return a table of the counts, and all disagreements, as text."""
    together: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        for key, count in line["counts"].items():
            together[tuple(key.split("|"))] += count
    total = sum(together.values())
    out = [f"{total} claims, {sum(line['seconds'] for line in lines):.0f} s of processor time", ""]
    for title, place in (("SymPy", 1), ("brute force", 2), ("built as", 3), ("counterexample", 4)):
        out += [*_cross(together, place, title), ""]
    for word, note in (("wrong", "disagreements"), ("missed", "seen first by another lane, but not by the checker")):
        found = sorted((each for line in lines for each in line[word]), key=lambda each: each["number"])
        out.append(f"{len(found)} {note}")
        for each in found:
            out += [f"  {each['number']}: {each['claim']}", *(f"      {why}" for why in each["why"])]
    return "\n".join(out)


def _cross(together: Counter[tuple[str, ...]], place: int, title: str) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter()
    for key, count in together.items():
        counts[key[0], key[place]] += count
    statuses, answers = sorted({s for s, _ in counts}), sorted({a for _, a in counts})
    rows = [f"{'verdict':<12}" + "".join(f"{answer or 'none':>12}" for answer in answers) + f"   {title}"]
    for status in statuses:
        rows.append(f"{status:<12}" + "".join(f"{counts[status, answer] or '.':>12}" for answer in answers))
    return rows


def main() -> int:
    """Run the command line. Returns 1 if lanes disagree, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.checker.referee", description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("referee.jsonl"))
    parser.add_argument("--table", action="store_true", help="print what the file has, and judge nothing")
    asked = parser.parse_args()
    if asked.table:
        lines = [json.loads(line) for line in asked.out.read_text(encoding="utf-8").splitlines()[1:]]
    else:
        lines = run(asked.claims, asked.seed, asked.processes, asked.out)
    print(table(lines))
    return 1 if any(line["wrong"] for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
