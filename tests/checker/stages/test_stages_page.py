"""The page of the checker prints the tables of stages that the code runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.checker.stages.page import BEGIN, END, with_tables
from relay.checker.stages.stage import ExploringStage, ReasoningStage, Stage
from relay.checker.stages.tables import TABLES

PAGE = Path(__file__).parents[3] / "docs" / "checker.md"
STAGES = [stage for table in TABLES for stage in table.stages]


def test_the_committed_page_is_what_is_made() -> None:
    text = PAGE.read_text(encoding="ascii")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == with_tables(text), "run python -m relay.checker.stages.page docs/checker.md"


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_choice_has_words_of_one_line(stage: Stage) -> None:
    choices = [stage.when]
    if isinstance(stage, ReasoningStage):
        choices.append(stage.step)
    else:
        choices += [stage.fields, stage.ladders if isinstance(stage, ExploringStage) else stage.cases]
        choices += [applies for applies, _ in stage.values.unless]
    for choice in choices:
        words = choice.__doc__
        assert words and words == words.strip() and "\n" not in words and "|" not in words, choice
