"""Whatever a tenure writes reaches a later prompt only where its condition declares it (`tests.attack.canary`)."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from relay.components import available, find
from relay.trial.turn_history import TurnHistory
from tests.attack.canary import Crossing, canary
from tests.attack.canary_channels import CHANNELS, CROWDED, EMBEDDED, MEMORIES, NOTES, STEPS, word
from tests.attack.canary_theory import INTERVENTIONS, hidden_in_prompts
from tests.contract.test_memory_schemes import INSTALLED

ARMS = [
    *((notes, "fresh", "") for notes in (*NOTES, *CROWDED, EMBEDDED)),
    *((notes, memory, "") for notes, memory in product(("letter", "wiki"), MEMORIES) if memory != "fresh"),
    *(("textbook", "fresh", step) for step in STEPS),
    *(("ledger(cap=200)", "fresh", step) for step in STEPS),
]
"""Each scheme and step once or twice; `benchmarks/canary.py` has all together."""


def test_every_installed_scheme_has_its_channels_declared() -> None:
    assert sorted(NOTES) == list(available("relay.notes"))
    assert sorted(MEMORIES) == sorted(name.replace("()", "") for name in INSTALLED)
    assert {step.partition("(")[0] for step in STEPS} == set(available("relay.handover"))
    assert {name.partition("(")[0] for name in INTERVENTIONS if name} == set(available("relay.interventions"))
    capped = {name for name in NOTES if "cap" in find("relay.notes", name).model_fields}
    assert {name.partition("(")[0] for name in CROWDED} == capped
    assert len(CHANNELS) == len(set(map(word, CHANNELS))) >= 20


@pytest.mark.parametrize(("notes", "memory", "step"), ARMS)
def test_a_word_is_read_only_where_that_is_declared(tmp_path: Path, notes: str, memory: str, step: str) -> None:
    found = canary(tmp_path / "a", notes, memory, step)
    assert leaks(found) == []
    own = {one.channel: one for one in found if one.reader == "itself"}
    assert all(one.crossed == one.declared for one in own.values()), "the planter reads its own words again"
    if "cap=" not in notes and not step:
        # what is written into notes is there to be read
        missed = {one.channel for one in found if one.reader == "next in its place" and one.declared > one.crossed}
        assert len(missed) <= 5, missed


def leaks(found: list[Crossing]) -> list[str]:
    return [f"{one.channel}, read {one.reader}" for one in found if one.leaked]


@pytest.mark.parametrize("intervention", INTERVENTIONS)
@pytest.mark.parametrize("notes", ["ledger", "textbook"])
def test_controls_that_know_tell_no_more_than_they_declare(tmp_path: Path, intervention: str, notes: str) -> None:
    assert hidden_in_prompts(tmp_path / "a", intervention, notes) == INTERVENTIONS[intervention]


def test_a_channel_that_is_opened_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversations of all tenures of a process become one."""
    said: list[str] = []
    plain = TurnHistory.answer

    def answer(self: TurnHistory, text: str) -> None:
        said.append(text)
        plain(self, text if len(said) < 8 else said[-8])

    monkeypatch.setattr(TurnHistory, "answer", answer)
    assert leaks(canary(tmp_path / "a", "none"))
