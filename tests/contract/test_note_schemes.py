"""The contract of note schemes: every installed scheme keeps it, and each rule fails on a scheme that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.components import available
from relay.trial.contract.note_schemes import NOTE_RULES, broken_by
from tests.contract import slips

EMBEDDED = "retrieval(by=embeddings, model=mock/script)"
SLIPS = str(Path(slips.__file__).resolve())


@pytest.mark.parametrize("notes", [*available("relay.notes"), EMBEDDED, f"{SLIPS}:Slips"])
def test_every_installed_scheme_keeps_the_contract(tmp_path: Path, notes: str) -> None:
    assert [str(each) for each in broken_by(notes, tmp_path)] == []


@pytest.mark.parametrize("rule", [rule.name for rule in NOTE_RULES])
def test_each_rule_fails_on_a_scheme_that_breaks_just_that_rule(tmp_path: Path, rule: str) -> None:
    found = broken_by(f"{SLIPS}:{slips.BREAKING[rule]}", tmp_path)
    assert [each.rule for each in found] == [rule], list(map(str, found))


def test_each_rule_has_a_name_and_a_sentence() -> None:
    assert len({rule.name for rule in NOTE_RULES}) == len(NOTE_RULES)
    assert all(rule.sentence.endswith(".") for rule in NOTE_RULES)
