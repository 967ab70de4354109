"""Task files: what is wrong with one is said in one line that names the file and the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.errors import TaskError
from relay.theory import Theory
from tasks.files import TaskFile
from tasks.linear_algebra import PATH, LinearAlgebra

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
    """The error that a file of this text gives."""
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
        (SMALL.replace("- id: total", "- id: total\n  prerequisites: [totle]"), "no concept of the task"),
        (SMALL.replace("- id: total", "- id: total\n  prerequisites: [total]"), "total -> total"),
        (SMALL.replace("v[i] for", "w[i] for"), "a form of concept `total` is ill-formed"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in build(tmp_path, text)


def test_a_brief_that_is_not_there(tmp_path: Path) -> None:
    assert "no brief `third`; it has first, second" in build(tmp_path, SMALL, "third")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="No such file"):
        TaskFile(path=str(tmp_path / "none.yaml")).build(0)
    with pytest.raises(TaskError, match="Is a directory"):
        TaskFile(path=str(tmp_path)).build(0)
