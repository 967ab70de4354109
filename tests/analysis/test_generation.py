"""One generation in full: its groups, what was handed on to it, and turns that were cut."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from analysis.crossing import Crossing, CrossingCount
from analysis.generation_view import one_generation
from analysis.summary import generation_summary, trial_summary
from analysis.terminal import overview
from analysis.trials import Trial, read_trial
from relay.records.events import (
    Acted,
    Answered,
    AnyEvent,
    Cut,
    Fault,
    GenerationStarted,
    NoteOpened,
    NoteRef,
    NotesShown,
    TrialEnded,
)
from tests.analysis.builder import credited, ended, toy, write

GROUPS = ["found", "handed on to it", "how it went", "measures", "spent"]


def rendered(what: object, width: int = 80) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(what)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def refs(*ids: str) -> tuple[NoteRef, ...]:
    return tuple(NoteRef(id=id, version=1) for id in ids)


def test_what_crossed_is_counted_for_each_tenure(trial: Trial) -> None:
    """The first of two is shown two notes and opens a third, twice; the second is shown none."""
    first, second = ({"generation": 2, "tenure": tenure} for tenure in (1, 2))
    shown = NotesShown(
        **first, notes=refs("a", "b"), listed=refs("c", "d"), dropped=refs("c", "d", "e"), dropped_count=3, messages=4,
        tokens=1234, readable=("k1", "k2"),
    )  # fmt: skip
    opened = NoteOpened(**first, turn=1, note=refs("c")[0], tokens=5, names={"f": "k3", "g": "k1"})
    count = CrossingCount()
    for event in (shown, NotesShown(**second, tokens=7), opened, opened):
        count.take(event)
    found = count.crossings()
    assert found == (
        Crossing(tenure=1, shown=2, listed=2, dropped=3, opened=1, callable=3, messages=4, tokens=1234),
        Crossing(tenure=2, shown=0, listed=0, dropped=0, opened=0, callable=0, messages=0, tokens=7),
    )
    row = replace(trial.rows[1], crossed=found)
    assert generation_summary(trial, row)["crossed"] == [crossing.record() for crossing in found]
    text = " ".join(rendered(one_generation(trial, row)).split())
    assert "researcher 1 2 notes shown, 2 listed, 1 opened, 1 left out, 4 messages, 1,234 tokens; 3 definitions" in text
    assert "researcher 2 0 notes shown, 7 tokens; 0 definitions to call" in text


def test_what_crossed_is_read_from_the_log(trial: Trial) -> None:
    assert [[crossing.tenure for crossing in row.crossed] for row in trial.rows] == [[1], [1], [1], [1]]


def test_what_crossed_is_told_once_if_it_is_the_same(trial: Trial) -> None:
    text = rendered(one_generation(trial, trial.rows[0]))
    assert "researcher 1" in text
    row = trial.rows[0]
    text = rendered(one_generation(trial, replace(row, crossed=(*row.crossed, *row.crossed))))
    assert "each researcher" in text and "researcher 1" not in text


def test_a_generation_is_told_in_groups(trial: Trial) -> None:
    lines = rendered(one_generation(trial, trial.rows[2])).splitlines()
    assert [line for line in lines if line in GROUPS] == GROUPS
    assert max(map(len, lines)) <= 80
    words = {" ".join(line.split()) for line in lines}
    assert {"established 6 of 9", "depth 1: c1_1, c1_2, c1_3", "depth 2: c2_1, c2_2, c2_3"} <= words
    assert {"retained 5 of 9", "depth 1: c1_2, c1_3"} <= words
    assert "depth-weighted recall 0.42 retained, 0.47 established, 0.21 without leaps" in words
    assert "half known to depth 2 retained, 2 established, 1 without leaps" in words
    assert not any("_recall" in line or "_50" in line for line in lines)


def test_concepts_stand_in_the_order_of_their_depth(tmp_path: Path) -> None:
    task = toy((2, 1), label="z")
    renamed = task.concepts[1].model_copy(update={"id": "a1", "prerequisites": ("z1_1",)})
    task = task.model_copy(update={"concepts": (task.concepts[0], renamed)})
    events = [GenerationStarted(generation=1), credited("a1"), credited("z1_1"), ended(1, ["a1", "z1_1"])]
    trial = read_trial(write(tmp_path / "a", task, [*events, TrialEnded(reason="completed", auc=0.0)]))
    text = " ".join(rendered(one_generation(trial, trial.rows[0])).split())
    assert "new z1_1, a1 established 2 of 2 depth 1: z1_1 depth 2: a1" in text
    assert "frontier nothing is left to find" in text


def test_a_cut_turn_is_not_lost(tmp_path: Path) -> None:
    here = {"generation": 1, "tenure": 1}
    state = {"action": "state", "source": "..."}
    events: list[AnyEvent] = [
        GenerationStarted(generation=1),
        Answered(**here, turn=1, text="", tokens_in=1, tokens_out=1, mended=True),
        Acted(**here, turn=1, action=state, ok=True, reply=""),
        *[Acted(**here, turn=1, action=state, ok=False, reply="", needs="f")] * 2,
        Cut(**here, turn=1, whole=3, about=60),
        Answered(**here, turn=2, text="", tokens_in=1, tokens_out=1, finish_reason="length", fault="too long"),
        Fault(**here, turn=2, side="model", kind="length", message="too long"),
        ended(1),
        TrialEnded(reason="completed", auc=0.0),
    ]
    trial = read_trial(write(tmp_path / "a", toy(), events))
    for data in (trial_summary(trial), trial_summary(trial)["generations"][0]):
        assert (data["lost_turns"], data["cut_turns"], data["cut_turn_share"]) == (1, 1, 0.5)
        assert (data["mended_answers"], data["actions"], data["skipped_actions"]) == (1, 3, 2)
    words = " ".join(rendered(one_generation(trial, trial.rows[0])).split())
    for told in (
        "answers 2 turns, 3 actions, 0 statements", "lost turns 1 of 2 (50%): 1 length", "cut turns 1 of 2 (50%)",
        "mended answers 1 of 2 (50%)", "skipped actions 2 of 3 (67%)",
    ):  # fmt: skip
        assert told in words
    assert "cut turns" not in rendered(overview(trial)), "the overview counts them for language models alone"
