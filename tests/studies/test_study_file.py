"""A study's file: what is wrong with it is told in one line, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.study import Study
from relay.studies.template import write_template

GOOD = "study: one\ncondition: {task: alien}\n"


def read(tmp_path: Path, text: str) -> Study:
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return Study.read(path)


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert (found.theories, found.primary.measure) == ([*range(1, 9)], "established_depth_weighted_recall")


def test_an_endpoint_alone_is_a_measure(tmp_path: Path) -> None:
    assert read(tmp_path, f"{GOOD}primary: depth_50\n").primary.measure == "depth_50"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no mapping of fields"),
        ("- one", "is no mapping of fields"),
        ("study: [", "is not YAML"),
        ("study: one", "it needs the field `condition`"),
        (f"{GOOD}sedes: 3", "there is no field `sedes`; a study has study, question"),
        (f"{GOOD}seeds: 0", "seeds: there are none"),
        (f"{GOOD}seeds: []", "seeds: there are none"),
        (f"{GOOD}seeds: -2", "-2 is no number of theories"),
        (f"{GOOD}seeds: [1, 2, 1]", "seeds: 1 is given twice"),
        (f"{GOOD}seeds: true", "seeds: Input should be a valid integer"),
        (f"{GOOD}seeds: [-1]", "seeds: -1 is no seed"),
        (f"{GOOD}seeds: [99999999999999999999999]", "is no seed; give numbers"),
        (f"{GOOD}vary: {{note: [none]}}", "vary: a condition has no field `note`; it has task, agent"),
        (f"{GOOD}vary: {{width.x: [1]}}", "`width` has no parts to set"),
        (f"{GOOD}vary: {{seed: [1, 2]}}", "the seed is no axis"),
        (f"{GOOD}vary: {{notes: []}}", "the axis `notes` has no values"),
        (f"{GOOD}vary: {{people: {{two: {{widht: 2}}}}}}", "vary: people: a condition has no field `widht`"),
        (f"{GOOD}primary: recall", "primary.measure: Input should be 'established_depth_weighted_recall'"),
        (f"{GOOD}primary: {{margin: 0}}", "primary.margin"),
        (f"{GOOD}replicates: 0", "replicates"),
        ("study: a b\ncondition: {task: alien}", "study: a name has letters"),
        ("study: ../x\ncondition: {task: alien}", "study: a name has letters"),
        ("study: one\ncondition: {task: alien, seed: 3}", "the seed is no part of it"),
        ("study: one\ncondition: {task: alien, tusk: 3}", "condition: a condition has no field `tusk`"),
        ("study: !!python/object:os.system x", "is not YAML"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read: No such file"):
        Study.read(tmp_path / "none.yaml")


def test_the_template_is_a_study_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    write_template("mine", path)
    assert Study.read(path).study == "mine"
    with pytest.raises(UsageError, match="exists already"):
        write_template("mine", path)
    with pytest.raises(UsageError, match="is no name of a study"):
        write_template("my study", tmp_path / "other.yaml")
    assert not (tmp_path / "other.yaml").exists()
