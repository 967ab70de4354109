"""Benchmarks are programs: each must at least import, read its options and explain itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = [path for path in sorted((ROOT / "benchmarks").glob("*.py")) if "__main__" in path.read_text("utf-8")]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_benchmark_explains_itself(program: Path) -> None:
    done = subprocess.run([sys.executable, str(program), "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()


def test_the_ablation_leaves_out_one_sentence_at_a_time_and_pairs_by_seed() -> None:
    """`mock/explorer` reads no sentence, so nothing but the tokens differs, and these by as much with every seed."""
    program = [sys.executable, "benchmarks/ablation.py", "--model", "mock/explorer", "--json", "--processes", "1"]
    options = ["--task", "alien(q=3, layers=1, width=2)", "--seeds", "2", "--turns", "1", "--sentences", "nodes"]
    done = subprocess.run([*program, *options], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    whole, nodes, none = json.loads(done.stdout)["arms"]
    assert [row["arm"] for row in (whole, nodes, none)] == ["whole prompt", "without nodes", "no sentence at all"]
    for name in ("concepts", "usable answers", "turns lost"):
        assert whole[name]["mean"] == nodes[name]["mean"] and none[name]["interval"] == [0, 0]
    fewer = nodes["tokens"]["difference"]
    assert none["tokens"]["difference"] < fewer < 0 and nodes["tokens"]["interval"] == [fewer, fewer]


def run_code(code: str) -> str:
    """What a program prints that is run beside the benchmarks."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "benchmarks", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


CONTROLS_CODE = """\
from controls import *
values = {"flat": [.1, .1], "stateless": [.1, .1], "none": [.1, .1]}
for notes in SCHEMES:
    values |= {notes: [.9, .7]} | {f"{notes} {control}": [.9, .7] for control in CONTROLS}
    values[f"{notes} foreign"] = values[f"{notes} blank"] = [.1, .1]
values["journal junk 16"] = [.1, .2]
values["ledger junk 16"] = CHANGED
values["retrieval lost 0.2"] = [1.0, .2]
arms = {name: Arm(name, tuple(each), 10.0) for name, each in values.items()}
print("\\n".join(comparisons(arms)))
print("\\n".join([*table(arms), *markdown(arms), *expectations(arms)]))
"""


@pytest.mark.parametrize(("junk", "told"), [("[.8, .7]", "reproduced"), ("[.2, .2]", "contradicted")])
def test_what_was_expected_of_controls_is_decided_by_the_numbers(junk: str, told: str) -> None:
    lines = run_code(CONTROLS_CODE.replace("CHANGED", junk)).splitlines()
    said = {line.partition(": ")[2]: line.partition(": ")[0] for line in lines if line.split(":")[0] in WORDS}
    assert len(said) == 15
    others = {claim: word for claim, word in said.items() if "16 junk notes" not in claim}
    assert [word for claim, word in said.items() if claim.startswith("with 16 junk notes a generation `ledger`")] == [
        told
    ]
    assert [claim.split("`")[1] for claim, word in others.items() if word == "contradicted"] == ["retrieval"]
    assert sum("1 of 72" in line or "1 of 18" in line for line in lines if line.startswith("contradicted")) == 1


WORDS = ("reproduced", "contradicted")


def test_the_document_of_controls_has_what_the_program_writes() -> None:
    """It was written by the program as it is: its arms and its expectations."""
    document = (ROOT / "docs/controls.md").read_text(encoding="utf-8")
    code = CONTROLS_CODE.replace("CHANGED", "[.8, .7]") + 'print("NAMES", *arms, sep=";")\nprint(READING)'
    out = run_code(code)
    names = next(line for line in out.splitlines() if line.startswith("NAMES")).split(";")[1:]
    rows = [line.split(" | ")[0].strip("| ").replace("`", "").replace(",", "") for line in document.splitlines()]
    assert [row for row in rows if row in names] == names
    claims = [line.split(" | ")[0] for line in out.splitlines() if line.startswith("| ") and " in " in line]
    assert claims and all(claim in document for claim in claims if "pair" in claim)
    assert out[out.index("## How to read it") :].strip() in document


def test_planted_errors_are_followed_in_every_chain(tmp_path: Path) -> None:
    program = [sys.executable, "benchmarks/planted.py", "--task", "alien(q=4, layers=2, width=2)", "--chains", "2"]
    options = ["--generations", "3", "--at", "1", "--workers", "1", "--folder", str(tmp_path / "runs")]
    outputs = []
    for _ in range(2):
        done = subprocess.run([*program, *options], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1], "trials that are there are taken up"
    lines = [line.strip() for line in outputs[0].splitlines()]
    assert [line.split(":")[0] for line in lines if line.startswith("seed")] == ["seed  1", "seed  2"]
    assert any(line.startswith("planted 2, found ") for line in lines)
    assert any(line.startswith("half-life: ") for line in lines)
