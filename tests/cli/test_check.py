"""`relay check` and `relay task ...`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Invoke

ROOT = Path(__file__).resolve().parents[2]
COUNTING = ROOT / "examples" / "counting.yaml"
KEYS = ["line", "name", "kind", "status", "scope", "evidence", "counterexample", "message"]
FILE = """\
define twice(x: Hour) -> Hour = plus(x, x)   # a form of `double`
claim halves (x: Hour): twice(twice(x)) == x

claim broken (x: Hour: x
define back(x: Hour) -> Hour = twice(twice(x))
claim whole (x: Hour): back(back(x)) == x
"""


def test_each_statement_gets_its_verdict_in_order(relay: Invoke) -> None:
    told = relay("check", COUNTING, "--json", stdin=FILE)
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert told.status == 1
    assert [list(row) for row in rows] == [KEYS] * 5
    assert [(row["line"], row["kind"], row["name"], row["status"]) for row in rows] == [
        (1, "define", "twice", "defined"),
        (2, "claim", "halves", "refuted"),
        (4, "claim", "broken", "ill_formed"),
        (5, "define", "back", "defined"),
        (6, "claim", "whole", "proved"),
    ]
    assert rows[1]["counterexample"]
    assert rows[2]["message"].startswith("line 4, column ")


def test_reveal_names_the_concept(relay: Invoke) -> None:
    told = relay("check", COUNTING, "--json", "--reveal", stdin=FILE.splitlines()[0])
    assert json.loads(told.out)["concept"] == "double"
    assert told.status == 0
    assert "a form of double" in relay("check", COUNTING, "--reveal", stdin=FILE.splitlines()[0]).out
    assert "double" not in relay("check", COUNTING, stdin=FILE.splitlines()[0]).out


def test_statements_in_the_fences_of_free_text(relay: Invoke) -> None:
    text = (
        f"# Notes\n\ndefine is not read here\n\n```relay\n{FILE}```\n\n```relay\nclaim (x: Hour): twice(x) == x\n```\n"
    )
    told = relay("check", COUNTING, "--json", stdin=text)
    assert [json.loads(line)["line"] for line in told.out.splitlines()] == [6, 7, 9, 10, 11, 15]


def test_an_empty_file_passes(relay: Invoke) -> None:
    told = relay("check", COUNTING, stdin="# nothing\n")
    assert (told.status, told.out) == (0, "")
    assert "no statement stands in standard input" in told.err


def test_what_is_no_text_is_one_line(relay: Invoke, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "binary", tmp_path / "missing", tmp_path):
        told = relay("check", COUNTING, path)
        assert told.status == 2
        assert told.err.startswith(f"relay: {path}")
        assert told.err.count("\n") == 1


def test_the_list_of_tasks(relay: Invoke) -> None:
    assert "linear_algebra: " in relay("task", "list").out
    rows = {row["name"]: row for row in json.loads(relay("task", "list", "--json").out)}
    assert rows["alien"]["parameters"]["term_size"] == 2
    assert rows["linear_algebra"]["parameters"]["brief"] == "blind"


def test_what_a_researcher_sees_has_nothing_hidden(relay: Invoke) -> None:
    seen = relay("task", "show", COUNTING).out
    assert "Hours on a clock face" in seen
    for word in ("double", "opposite", "minus"):
        assert word not in seen
        assert word not in relay("task", "show", COUNTING, "--json").out
        assert word in relay("task", "show", COUNTING, "--reveal").out
        assert word in relay("task", "show", COUNTING, "--reveal", "--json").out


def test_task_check_reports_each_concept(relay: Invoke) -> None:
    told = relay("task", "check", COUNTING, "--json")
    assert told.status == 0
    rows = {row["id"]: row for row in map(json.loads, told.out.splitlines())}
    assert [(row["depth"], row["size"], row["inlined"], row["fits"]) for row in rows.values()] == [
        (1, 3, 3, True),
        (2, 3, 7, False),
        (3, 4, 9, False),
    ]
    assert [law["status"] for row in rows.values() for law in row["laws"]] == ["proved"] * 5


def test_a_law_that_is_not_accepted_fails_the_task(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(COUNTING.read_text(encoding="utf-8").replace("opposite(opposite(x)) == x", "opposite(x) == x"))
    told = relay("task", "check", path)
    assert told.status == 1
    assert "refuted: claim (x: Hour): opposite(x) == x" in told.out
