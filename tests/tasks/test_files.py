"""Task files: each mistake gives one line that names the file and the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.commands.task_inspection import inspect
from relay.errors import TaskError
from relay.scoring.examiner import Examiner, TooLong
from relay.scoring.theory import Theory
from tasks.files import TaskFile
from tasks.linear_algebra import PATH, LinearAlgebra
from tests.listing import listed

SMALL = """\
name: small
statement_size: 20
given: {scalars: true}
briefs:
  first: {text: Find something.}
  second:
    text: Explain this.
    phenomena:
    - {id: sums, text: Sums., parameters: ['Vector[n]'], result: Scalar, field: rationals, concept: total,
       rows: [[[[1, '1/2']], '3/2'], {inputs: [[1]], output: 1}]}
concepts:
- id: total
  forms: ['define total(v: Vector[n]) -> Scalar = sum(v[i] for i in range(n))']
  laws: ['claim (s: Scalar): total(vector(s for i in range(1))) == s']
"""


def build(tmp_path: Path, text: str, brief: str | None = None) -> str:
    """The error for a file with this text."""
    path = tmp_path / "task.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TaskError) as caught:
        Theory.read(TaskFile(path=str(path), brief=brief).build(0))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_shorthands_and_briefs(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    first, second = TaskFile(path=str(path)).build(0), TaskFile(path=str(path), brief="second").build(0)
    assert (first.brief, first.phenomena) == ("Find something.", ())
    assert [row.output for row in second.phenomena[0].rows] == ["3/2", 1]
    assert first.concepts[0].forms[0].source.startswith("define total")
    assert Theory.read(second).depth == {"total": 1}


def test_the_file_of_the_built_in_task_is_a_task_file() -> None:
    assert TaskFile(path=str(PATH)).build(0).concepts == LinearAlgebra().build(0).concepts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a mapping"),
        ("name: [", "not YAML: line"),
        ("a: !!python/object:os.system {}", "not YAML"),
        (SMALL.replace("statement_size: 20\n", ""), "statement_size: field required"),
        (SMALL.replace("statement_size", "statement_sise"), "statement_sise"),
        (SMALL.replace("  laws:", "  lawz:"), "(concept `total`)"),
        (SMALL.replace("- id: total", "- id: total\n  prerequisites: [totle]"), "not a concept of the task"),
        (SMALL.replace("- id: total", "- id: total\n  prerequisites: [total]"), "total -> total"),
        (SMALL.replace("v[i] for", "w[i] for"), "a form of concept `total` is ill-formed"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in build(tmp_path, text)


CLOCK = (PATH.parents[1] / "examples" / "counting.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0, 1, 2, 3]]", "0, 1, 2, 9]]", "operation `plus` holds 9; a whole number from 0 to 4"),
        ("0, 1, 2, 3]]", "0, 1, 2, 1.5]]", "operation `plus` holds 1.5"),
        ("0, 1, 2, 3]]", "0, 1, 2]]", "operation `plus` has 4 entries; 5 were expected"),
        ("size: 5}", "size: 0}", "sort `Hour` has size 0"),
        ("size: 5}", "size: 5}, {name: Hour, size: 2}", "the sort `Hour` has a name that is already in use"),
        ("parameters: [Hour, Hour]", "parameters: [Hour, Huor]", "uses `Huor`, which is not a sort"),
        ("name: plus", "name: sum", "the operation `sum` has the name of a word"),
        ("name: plus", "name: 3x", "the operation `3x` has an invalid name"),
        ("given:", "given:\n  scalars: true", "either scalars or sorts"),
        ("statement_size: 5", "statement_size: 0", "statement_size is 0"),
        ("id: turned", "id: doubled", "phenomenon `doubled` appears twice"),
        ("rows: [[[0], 0], [[1], 2], [[2], 4], [[3], 1], [[4], 3]]", "rows: []", "phenomenon `doubled` has no rows"),
        ("concept: double\n", "concept: duoble\n", "did you mean `double`?"),
        ("id: minus", 'id: "mi\\nnus"', "give it a printable id"),
        ("statement_size: 5", "statement_sise: 5", "no such field; did you mean `statement_size`?"),
        ("name: counting", f"name: {'[' * 20_000}", "are nested too deep"),
        ("name: counting", f"name: {'c' * 1_000_000}", "it has more than 1,000,000 bytes"),
    ],
)
def test_what_is_wrong_with_what_is_given_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CLOCK
    assert said in build(tmp_path, CLOCK.replace(old, new, 1))


@pytest.mark.parametrize("row", ["[[4], 9]", "[[9], 3]", "[[4], 99999999999999999999]"])
def test_a_row_holds_values_of_its_sorts(tmp_path: Path, row: str) -> None:
    path = tmp_path / "task.yaml"
    path.write_text(CLOCK.replace("[[4], 3]", row), encoding="utf-8")
    with pytest.raises(TaskError, match=r"`doubled` does not fit its types: 9+ is not a value of Hour; these are"):
        Examiner(TaskFile(path=str(path)).build(0))


def test_a_phenomenon_that_its_concept_does_not_give_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "task.yaml"
    path.write_text(CLOCK.replace("[[4], 3]", "[[4], 1]"), encoding="utf-8")
    reports = {report.id: report for report in listed(inspect(TaskFile(path=str(path)).build(0)))}
    assert reports["double"].unexplained == ("doubled",)
    assert "phenomenon `doubled` is not explained" in reports["double"].words(5)
    assert [report.sound for report in reports.values()] == [False, True, True]


def test_a_form_that_is_too_long_to_explain_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "task.yaml"
    long = "plus(plus(x, x), plus(plus(x, plus(x, x)), plus(x, x)))"
    path.write_text(CLOCK.replace("Hour = plus(x, x)", f"Hour = {long}"), encoding="utf-8")
    reports = {report.id: report for report in listed(inspect(TaskFile(path=str(path)).build(0), corruptions=0))}
    assert reports["double"].unexplained == ("doubled",)
    assert reports["double"].too_long == TooLong(phenomena=("doubled",), length=13, most=10)
    said = reports["double"].words(5)
    assert "a form has 13 term nodes with what it calls, and an explanation may have 10" in said
    assert "gives the output of every row" not in said
    # what is built on it counts it, since it explains nothing
    assert [report.sound for report in reports.values()] == [False, False, True]


def test_a_brief_that_is_not_there(tmp_path: Path) -> None:
    assert "no brief `third`; give one of first, second" in build(tmp_path, SMALL, "third")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="No such file"):
        TaskFile(path=str(tmp_path / "none.yaml")).build(0)
    with pytest.raises(TaskError, match="Is a directory"):
        TaskFile(path=str(tmp_path)).build(0)
