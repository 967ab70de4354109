"""Measure what depth costs: building an alien theory, examining definitions in it, and what its certificate covers.

    python3 benchmarks/depth.py
    python3 benchmarks/depth.py --against path/to/another/checkout
    python3 benchmarks/depth.py --certificate --theories 20 --against path/to/another/checkout

Times are milliseconds of processor time, the least of several rounds, in which the versions take turns. Examined are
fresh definitions of layer 1 (the median of six, after one that warms up) and the hidden definition of the last concept,
which rests on all layers.

With `--certificate`, all terms over the base operations are listed, up to the applications that a theory's certificate
names for them. A concept beyond layer 1 whose table is there is a *shortcut*. For the other searches of the certificate
the table shows which share of their last level was searched, the mean over theories.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from relay.records.task import Task
from tasks.alien import FLAT, Alien
from tasks.flat_search import FlatSearch

HERE = Path(__file__).resolve().parents[1]

TIMES = """\
import json, statistics, sys, time
from relay.notation import read_statement
from relay.scoring.examiner import Examiner
from tasks.alien import Alien

def timed(work):
    begun = time.process_time()
    result = work()
    return result, 1000 * (time.process_time() - begun)

task, build = timed(lambda: Alien(**json.loads(sys.argv[1])).build(int(sys.argv[2])))
examiner = Examiner(task)
f, g = (operation.name for operation in task.given.operations)
bodies = [f"{f}({g}(y, x), y)", f"{f}({g}(x, y), x)", f"{g}({f}(x, y), x)", f"{f}({g}(y, x), x)",
          f"{f}(x, {g}(y, x))", f"{f}({f}(y, x), x)", f"{g}({g}(y, x), y)"]
sources = [f"define h(x: Element, y: Element) -> Element = {body}" for body in bodies]
read = [read_statement(source, examiner.theory.scope) for source in sources]
first, *others = [timed(lambda: examiner.examine(one, {}))[1] for one in read]
last = examiner.theory.forms[-1].definition
top = timed(lambda: examiner.examine(last, dict(examiner.theory.definitions)))[1]
print(json.dumps({"build": build, "examine, layer 1": statistics.median(others), "examine, last layer": top}))
"""
"""Prints the times for the parameters of `alien` and the seed that it is given. Any version can run it."""

BUILD = """\
import json, sys
from tasks.alien import Alien
print(Alien(**json.loads(sys.argv[1])).build(int(sys.argv[2])).model_dump_json())
"""
"""Prints the task for the parameters of `alien` and the seed that it is given."""


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, nargs="+", default=[3, 6, 9, 12])
    parser.add_argument("--q", type=int, help="elements; default: 7, or that of alien with --certificate")
    parser.add_argument("--width", type=int, help="concepts a layer; default: 8, or that of alien with --certificate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--certificate", action="store_true", help="list terms in the place of measuring times")
    parser.add_argument("--theories", type=int, default=20, help="with --certificate")
    parser.add_argument("--against", type=Path, help="the checkout of another version")
    options = parser.parse_args()
    versions = {"this version": HERE}
    if options.against:
        versions["the other version"] = options.against.resolve()
    if options.certificate:
        dials = {name: value for name in ("q", "width") if (value := getattr(options, name)) is not None}
        for name, checkout in versions.items():
            print_shortcuts(name, checkout, dials, options.theories)
        print_shares(dials, options.theories)
    else:
        print_times(versions, options)


def run(checkout: Path, program: str, dials: dict[str, int], seed: int) -> Any:
    """Return what a program prints in a version, read as JSON."""
    command = [sys.executable, "-c", program, json.dumps(dials), str(seed)]
    # the working directory comes before the path
    done = subprocess.run(
        command, cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout)


def print_times(versions: dict[str, Path], options: argparse.Namespace) -> None:
    """Print the times for each number of layers, and how many times faster this version is."""
    q, width = options.q or 7, options.width or 8
    print(f"alien(q={q}, width={width}), seed {options.seed}: milliseconds of processor time")
    heads = [*versions, "ratio"] if len(versions) > 1 else [*versions]
    print(f"{'':22s}{'layers':>7s}" + "".join(f"{head:>20s}" for head in heads))
    least: dict[str, dict[int, list[float]]] = defaultdict(dict)
    for layers in options.layers:
        dials = {"q": q, "width": width, "layers": layers}
        rounds = [
            [run(checkout, TIMES, dials, options.seed) for checkout in versions.values()] for _ in range(options.rounds)
        ]
        for what in rounds[0][0]:
            least[what][layers] = [min(times[what] for times in of_version) for of_version in zip(*rounds, strict=True)]
    for what, by_layers in least.items():
        for layers, times in by_layers.items():
            cells = [*times, times[1] / times[0]] if len(times) > 1 else times
            print(f"{what:22s}{layers:7d}" + "".join(f"{cell:20.2f}" for cell in cells))


# --- the certificate -------------------------------------------------------------------------------------------------


def tables_by_layer(task: Task, width: int) -> list[dict[str, np.ndarray]]:
    """The tables of a theory: the base operations, then each layer."""
    q = task.given.sorts[0].size
    shown = {one.concept: np.array([row.output for row in one.rows]).reshape(q, q) for one in task.phenomena}
    names = [concept.id for concept in task.concepts]
    layers = [{operation.name: np.array(operation.table) for operation in task.given.operations}]
    return layers + [{name: shown[name] for name in names[at : at + width]} for at in range(0, len(names), width)]


def listed(tables: dict[str, np.ndarray], size: int) -> set[bytes]:
    """The tables of all terms of at most `size` applications over some functions, without any search."""
    q = len(next(iter(tables.values())))
    levels = [np.indices((q, q), dtype=np.uint8).reshape(2, -1)]
    met = {row.tobytes() for row in levels[0]}
    for applications in range(1, size + 1):
        level: set[bytes] = set()
        for table in tables.values():
            for part in range(applications):
                rows = table.astype(np.uint8)[levels[part][:, None], levels[applications - 1 - part][None]]
                level |= {row.tobytes() for row in rows.reshape(-1, q * q)}
        levels.append(np.array([np.frombuffer(row, np.uint8) for row in sorted(level - met)]).reshape(-1, q * q))
        met |= level
    return met


def print_shortcuts(name: str, checkout: Path, dials: dict[str, int], theories: int) -> None:
    """Print how many concepts are terms over the base operations that a certificate covers."""
    concepts = shortcuts = 0
    for seed in range(theories):
        task = Task.model_validate(run(checkout, BUILD, dials, seed))
        layers = tables_by_layer(task, task.parameters["width"])
        base = [search["applications"] for search in task.certificate["searches"] if tuple(search["from"]) == (0,)]
        found = listed(layers[0], max(base)) if base else set()
        for layer in layers[2:]:
            concepts += len(layer)
            shortcuts += sum(table.astype(np.uint8).tobytes() in found for table in layer.values())
    print(f"{name}: {shortcuts} of {concepts} concepts beyond layer 1 are shortcuts, in {theories} theories")


def print_shares(dials: dict[str, int], theories: int) -> None:
    """Print how far the searches of certificates go, by the layers that they start from."""
    seen: dict[str, list[FlatSearch]] = defaultdict(list)
    for seed in range(theories):
        shape = Alien(**dials)
        layers = tables_by_layer(shape.build(seed), shape.width)
        for layer in range(2, len(layers)):
            starts = {
                "the base operations": (0,),
                "the nearest two layers": (layer - 3, layer - 2),
                "all lower layers": range(layer - 1),
            }
            for name, start in starts.items():
                if name == "the base operations" or layer > (3 if name == "all lower layers" else 2):
                    tables = {one: table for at in start for one, table in layers[at].items()}
                    to_the_end = name == "the base operations"
                    seen[name].append(FlatSearch(tables, FLAT, np.random.default_rng(seed), to_the_end=to_the_end))
    for name, searches in seen.items():
        applications = statistics.mean(search.last or search.applications for search in searches)
        share = 1.0 if name == "the base operations" else statistics.mean(search.share for search in searches)
        print(
            f"searches from {name}: last level {applications:.1f} applications on average, {share:.0%} of it searched"
        )


if __name__ == "__main__":
    main()
