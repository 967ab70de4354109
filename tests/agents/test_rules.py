"""The rules are files that a user can read and replace. A trial records by a hash which ones it had."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from agents.llm import LanguageModel
from agents.llm.rules import read_rules, shipped_rules
from relay.commands.statements import review
from relay.components import build
from relay.errors import UsageError
from relay.notation.reference import summary
from relay.records.condition import Condition
from relay.records.reader import read_condition
from relay.researcher.actions import MOST_ACTIONS
from relay.researcher.answers import read_answer
from relay.researcher.tokens import count_text
from relay.trial.resolve import resolve_condition
from relay.trial.trial import resume_trial, run_trial
from tests.agents.explorer.test_from_text import task, view_of
from tests.agents.test_prompt import FIXED, LAMPS
from tests.listing import listed

PROMPTS = Path(__file__).resolve().parents[2] / "agents" / "llm" / "prompts"


def condition(rules: Path | str) -> Condition:
    agent = {"name": "llm", "parameters": {"model": "mock/script", "rules": str(rules)}}
    return resolve_condition("alien(layers=1, q=3, width=1)", agent=agent, generations=2, seed=1)


@pytest.mark.parametrize("name", ["probe", "rules"])
def test_the_shipped_ones_are_copied_too_and_keep_their_name(name: str) -> None:
    data = (PROMPTS / f"{name}.md").read_bytes()
    assert read_rules(name).encode() == data
    resolved = condition(name)
    assert resolved.agent.parameters["rules"] == name
    assert resolved.files[f"files/relay/{name}.md"].sha256 == hashlib.sha256(data).hexdigest()


def test_the_shipped_ones_go_by_name() -> None:
    assert shipped_rules() == ("probe", "rules")
    assert LanguageModel.model_validate({"model": "mock/script"}).rules == "rules"
    with pytest.raises(UsageError, match=r"from `prob` \(No such file.*one of relay's own: probe, rules") as told:
        build("relay.agents", "llm(model='mock/script', rules=prob)")
    assert "\n" not in str(told.value)


def test_a_file_of_ones_own_needs_nothing_but_its_path(tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_bytes(b"Be brief.\r\n")
    agent = build("relay.agents", {"name": "llm", "parameters": {"model": "mock/script", "rules": str(mine)}})
    assert agent.messages(view_of(task("alien")))[0].content.startswith("Be brief.\n\n")
    mine.write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"mine\.md"):
        condition(mine)


def test_a_trial_goes_on_with_the_rules_that_it_began_with(tmp_path: Path) -> None:
    mine, where = tmp_path / "mine.md", tmp_path / "trial"
    mine.write_text("Be brief.", encoding="utf-8")
    asyncio.run(run_trial(condition(mine), where))
    there = read_condition(where)
    assert there.agent.parameters["rules"] == "files/mine.md"
    assert there.files["files/mine.md"].sha256 == hashlib.sha256(b"Be brief.").hexdigest()
    mine.write_text("Be long.", encoding="utf-8")
    with pytest.raises(UsageError, match=r"the prompt file mine\.md has changed since the trial began; give --fresh"):
        asyncio.run(run_trial(condition(mine), where))
    mine.unlink()
    assert asyncio.run(resume_trial(where)).ended == "completed"
    (where / "files/mine.md").write_text("Be long.", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.md was changed after the trial began .*restore it") as told:
        asyncio.run(resume_trial(where))
    assert "\n" not in str(told.value)


# --- the rules of a probe --------------------------------------------------------------------------------------------


def test_the_rules_of_a_probe_are_short_and_take_what_the_schema_takes() -> None:
    text = read_rules("probe")
    assert count_text(text.replace("{notation}", summary(True))) <= FIXED
    assert f"up to {MOST_ACTIONS} actions" in text
    agent = LanguageModel.model_validate({"model": "mock/script", "rules": "probe"})
    fixed = agent.messages(view_of(task("linear_algebra")))[0].content.partition("# The answer")[0]
    assert "{notation}" not in fixed and "Matrix[m, n]" in fixed


def test_the_worked_answer_of_a_probe_reads() -> None:
    (answer,) = [line for line in read_rules("probe").splitlines() if line.startswith('{"actions": [{')]
    statements = [action.source for action in read_answer(answer, ()) if action.action == "state"]
    built = task("alien").model_copy(update={"given": LAMPS, "phenomena": (), "concepts": (), "references": ()})
    found = listed(review(built, "\n".join(statements)))
    assert [each.verdict.status.value for each in found] == ["defined", "defined"]
