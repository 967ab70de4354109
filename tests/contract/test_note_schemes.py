"""The contract of note schemes: every installed scheme keeps it, and each rule fails on a scheme that breaks it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from relay.components import available
from relay.trial.contract.note_schemes import CONTRACT, NOTE_RULES, broken_by
from relay.trial.contract.note_subject import NoteSubject
from relay.trial.resolve import Source
from tests.contract import slips

EMBEDDED = "retrieval(by=embeddings, model=mock/script)"
SLIPS = str(Path(slips.__file__).resolve())


@pytest.mark.parametrize("notes", [*available("relay.notes"), EMBEDDED, f"{SLIPS}:Slips"])
def test_every_installed_scheme_keeps_the_contract(tmp_path: Path, notes: str) -> None:
    assert [str(each) for each in broken_by(notes, tmp_path)] == []


@pytest.mark.parametrize("notes", available("relay.notes"))
@pytest.mark.parametrize(
    "agent",
    ["explorer", {"name": "llm", "parameters": {"model": {"name": "mock", "parameters": {"name": "explorer"}}}}],
)
def test_it_keeps_it_with_other_researchers_too(tmp_path: Path, agent: Source, notes: str) -> None:
    def subject(scheme: Source, folder: Path) -> NoteSubject:
        return NoteSubject(scheme, folder, agent)

    assert [str(each) for each in replace(CONTRACT, subject=subject).broken_by(notes, tmp_path)] == []


@pytest.mark.parametrize("rule", [rule.name for rule in NOTE_RULES])
def test_each_rule_fails_on_a_scheme_that_breaks_just_that_rule(tmp_path: Path, rule: str) -> None:
    found = broken_by(f"{SLIPS}:{slips.BREAKING[rule]}", tmp_path)
    assert [each.rule for each in found] == [rule], list(map(str, found))


def test_each_rule_has_a_name_and_a_sentence() -> None:
    assert len({rule.name for rule in NOTE_RULES}) == len(NOTE_RULES)
    assert all(rule.sentence.endswith(".") for rule in NOTE_RULES)
