"""Contract runs: under every installed note and memory scheme, every kind of researcher gets through a trial, which
resumes byte for byte and is told by its log; the rules of note schemes hold in these trials too."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.components import available, build
from relay.trial.contract.note_schemes import NOTE_RULES
from relay.trial.contract.rule import broken
from tests.contract import slips
from tests.contract.runs import GENERATIONS, RESEARCHERS, ContractRun, ResearchedNotes, counted
from tests.contract.test_memory_schemes import INSTALLED
from tests.contract.test_note_schemes import EMBEDDED

RESTS_ON_NOTHING = ("lived", "total", "conflicts", "misuse", "marked", "short", "resumed")
"""Rules that do not depend on what researchers do. That trials come to their end and resume is tested beside."""
RULES = [rule for rule in NOTE_RULES if rule.name not in RESTS_ON_NOTHING]


def went_through(run: ContractRun) -> dict[str, int]:
    """What happened, after making sure that the trial came to its end, resumes, and is told by its log."""
    assert [event.type for event in run.events].count("generation_ended") == GENERATIONS
    assert run.events[-1].type == "trial_ended" and run.events[-1].reason == "completed"
    assert run.resumes, "a trial that was killed and resumed has another log"
    assert run.is_told, "the log does not give the prompts again"
    return counted(run)


@pytest.mark.parametrize("researcher", RESEARCHERS)
@pytest.mark.parametrize("notes", [*available("relay.notes"), EMBEDDED])
def test_notes_are_kept_with_any_researcher(tmp_path: Path, notes: str, researcher: str) -> None:
    found = went_through(ContractRun(tmp_path, researcher, notes))
    if notes == "none":
        assert not any(found.values())
        return
    assert found["written"] and (found["refused"] or researcher != "misuser")
    if "explorer" in researcher:
        assert found["callable"] and found["retained"], "what the explorer writes is there to be built on"


@pytest.mark.parametrize("researcher", ["explorer", "mock/explorer"])
@pytest.mark.parametrize("notes", available("relay.notes"))
def test_the_rules_hold_with_researchers_that_get_on(tmp_path: Path, notes: str, researcher: str) -> None:
    subject = ResearchedNotes(notes, tmp_path, researcher)
    assert list(map(str, broken(RULES, subject))) == []


@pytest.mark.parametrize("rule", ["pure", "caps", "once", "covered", "told", "callable", "disguise"])
def test_a_rule_that_is_broken_is_seen_with_the_explorer_too(tmp_path: Path, rule: str) -> None:
    scheme = f"{Path(slips.__file__).resolve()}:{slips.BREAKING[rule]}"
    found = broken(RULES, ResearchedNotes(scheme, tmp_path, "explorer"))
    assert rule in [each.rule for each in found]


@pytest.mark.parametrize("researcher", RESEARCHERS)
@pytest.mark.parametrize("memory", INSTALLED)
def test_memory_is_kept_with_any_researcher(tmp_path: Path, memory: str, researcher: str) -> None:
    found = went_through(ContractRun(tmp_path, researcher, memory=memory, full=True))
    scheme = build("relay.memory", memory)
    assert bool(found["messages"]) <= scheme.transcripts
    if "explorer" in researcher:
        assert found["retained"], "the explorer gets on"
    else:  # they go on until the context is full
        assert bool(found["turns gone"]) == scheme.forgets and bool(found["summaries"]) == scheme.summarises
        assert bool(found["messages"]) == scheme.transcripts
