"""How far searches went: what is counted, and how it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.generation_view import one_generation
from analysis.searches import Searches, searches_words
from analysis.summary import trial_summary
from analysis.terminal import overview
from analysis.trials import read_trial
from relay.records.events import AnyEvent, Searched
from tests.analysis.builder import log, toy, write
from tests.analysis.test_terminal import rendered


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], ""),
        ([(500, None, False)], ""),
        ([(365, 5, True)], "search exhausted after 365 evaluations"),
        ([(19_982, 8, False)], "search ended after 19,982 evaluations, all terms of at most 8 nodes tried"),
        ([(1, 1, False)], "search ended after 1 evaluation"),
        ([(365, 5, True), (7, None, False), (35, 5, True)], "all 2 searches exhausted after 400 evaluations together"),
        (
            [(1_000, 3, False), (35, 5, True)],
            "1 of 2 searches exhausted after 1,035 evaluations together, all terms of at most 3 nodes tried",
        ),
        ([(2, 1, False), (3, 4, False)], "none of 2 searches exhausted after 5 evaluations together"),
    ],
)
def test_it_is_said_in_words(told: list[tuple[int, int | None, bool]], words: str) -> None:
    searches = (Searched(count=count, digest="", size=size, exhausted=done) for count, size, done in told)
    assert searches_words(Searches.together(map(Searches.of, searches))) == words


def ending(event: AnyEvent, generation: int, exhausted: bool = True) -> AnyEvent:
    """The event; the search of the first turn of one generation tells how far it went."""
    if isinstance(event, Searched) and event.generation == generation and event.turn == 1:
        return event.model_copy(update={"size": 12, "exhausted": exhausted})
    return event


def test_a_generation_and_a_trial_tell_it(tmp_path: Path) -> None:
    task = toy()
    trial = read_trial(write(tmp_path / "trial", task, [ending(event, 2) for event in log(task, 3)]))
    words = "search exhausted after 500 evaluations"
    assert words in rendered(overview(trial))
    assert [words in rendered(one_generation(trial, row)) for row in trial.rows] == [False, True, False]
    rows = trial_summary(trial)["generations"]
    keys = ("searches", "exhausted_searches", "searched_size")
    assert [tuple(row[key] for key in keys) for row in rows] == [(0, 0, None), (1, 1, 12), (0, 0, None)]


def test_a_trial_without_an_exhausted_search_says_nothing(tmp_path: Path) -> None:
    task = toy()
    trial = read_trial(write(tmp_path / "trial", task, [ending(event, 2, exhausted=False) for event in log(task, 3)]))
    assert "search" not in rendered(overview(trial))
    shown = " ".join(rendered(one_generation(trial, trial.rows[1])).split())  # the line is folded
    assert "all terms of at most 12 nodes tried" in shown
