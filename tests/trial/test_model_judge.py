"""Under `judge` researchers are told a model's opinion, whose errors are counted, and the score is the checker's."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.trials import Trial, read_trial
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.consulted import Consulted
from relay.records.events import GenerationEnded, Judged
from relay.records.prices import PriceTable
from relay.trial.transport import joined
from relay.trial.trial import resume_trial, resumed_condition, run_trial
from tests.trial.claimants import Checked, claimant
from tests.trial.helpers import QUICK, condition, events, of_type, own_events, reopen, run, scripted, state
from tests.trial.test_delayed import Contrary
from tests.trial.test_rescore import again
from tests.trial.toy import SQUARE, Toy, ToyJudge

AMPLE = Budget(turns=20, tokens=4_000_000, context=200_000, evaluations=100_000)
LAW = "claim (x: Element, y: Element): square(op(x, y)) == op(square(x), square(y))"
FALSE = "claim (x: Element): square(x) == x"
LIAR = "judge(model=mock/judge(accepts_false=1, refuses_true=1))"


def judged(where: Path, truth: str, agent: Any, **options: Any) -> Trial:
    chosen = condition(agent=agent, truth=truth, **{"generations": 1, "budget": AMPLE, **options})
    asyncio.run(run_trial(chosen, where, judge=Checked(Toy().build(0)), retry=QUICK))
    return read_trial(where)


def small(**options: Any) -> Condition:
    agent = scripted([state(SQUARE), state(LAW), state(FALSE)], [state(LAW)])
    return condition(agent=agent, **{"generations": 1, **options})


def told(where: Path) -> list[tuple[str, str | None]]:
    found = (event for event in events(where) if isinstance(event, Judged) and event.kind == "claim")
    return [(event.status, event.told) for event in found]


def model(folder: Path, body: str) -> str:
    """A mock model whose answer to a request is `body`, an expression."""
    (folder / "said.py").write_text(
        "from relay.errors import MachineFault, ModelFault\n"
        "def fault(kind):\n    raise kind('gone')\n"
        f"def answer(request):\n    return {body}\n"
    )
    return f"mock/{folder}/said.py:answer"


@pytest.mark.slow
def test_the_measured_rates_of_a_judge_with_known_rates_cover_them(tmp_path: Path) -> None:
    trial = judged(tmp_path / "a", "judge(model=mock/judge(accepts_false=0.3, refuses_true=0.1))", claimant(60))
    counted = trial.opinions.record()
    assert counted is not None
    assert counted["false"] >= 150 and counted["true"] >= 50
    accepted, refused = counted["false_acceptances"], counted["false_refusals"]
    assert accepted["of"] == counted["false"] and accepted["rate"] == accepted["count"] / accepted["of"]
    assert accepted["interval"][0] <= 0.3 <= accepted["interval"][1]
    assert refused["interval"][0] <= 0.1 <= refused["interval"][1]
    assert accepted["interval"][1] - accepted["interval"][0] < 0.15
    # generation by generation, and altogether
    assert trial.rows[0].told.opinions.record() == counted
    assert [(each["model"], each["false"]) for each in counted["judges"]] == [("mock/judge", counted["false"])]
    asked = trial.opinions.outside["mock/judge"]
    assert asked.requests == counted["false"] + counted["true"] + counted["open"] and asked.tokens_in > asked.requests


def test_every_score_is_the_same_with_a_judge_that_lies(tmp_path: Path) -> None:
    honest = judged(tmp_path / "a", "judge(model=mock/judge)", claimant(6), generations=2)
    lying = judged(tmp_path / "b", LIAR, claimant(6), generations=2)
    plain = judged(tmp_path / "c", "shown", claimant(6), generations=2)
    for first, second, third in zip(honest.rows, lying.rows, plain.rows, strict=True):
        for name in ("established", "established_without_leaps", "retained", "laws", "explained", "leaps"):
            assert getattr(first, name) == getattr(second, name) == getattr(third, name)
        assert first.measures["depth_weighted_recall"] == second.measures["depth_weighted_recall"]
    assert lying.auc == honest.auc == plain.auc
    verdicts = [[event.status for event in of_type(tmp_path / name, "judged")] for name in "abc"]
    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert honest.opinions.counted.agrees and not lying.opinions.counted.agrees
    assert lying.opinions.counted.accepted_false == lying.opinions.counted.false > 0
    assert lying.opinions.counted.refused_true == lying.opinions.counted.true > 0
    assert plain.opinions.record() is None


def test_nothing_but_the_opinion_is_told(tmp_path: Path) -> None:
    judged(tmp_path / "a", LIAR, small().agent)
    replies = [event.reply for event in of_type(tmp_path / "a", "acted")]
    assert replies[:3] == [
        "defined: square(x: Element) -> Element. It explains phenomenon 1, 2.", "refuted", "holds",
    ]  # fmt: skip
    assert told(tmp_path / "a") == [("proved", "refuted"), ("refuted", "holds"), ("proved", "refuted")]


def test_an_unreadable_answer_is_no_opinion_and_is_counted(tmp_path: Path) -> None:
    trial = judged(tmp_path / "a", f"judge(model={model(tmp_path, repr('Surely true!'))})", small().agent)
    assert [word for _, word in told(tmp_path / "a")] == ["undecided"] * 3
    counted = trial.opinions.counted
    assert (counted.unreadable, counted.no_opinion, counted.false, counted.true) == (3, 3, 1, 2)
    assert "3 unreadable answers" in counted.words() and "no opinion of 3" in counted.words()
    refuses = judged(tmp_path / "b", f"judge(model={model(tmp_path, 'fault(ModelFault)')})", small().agent)
    assert refuses.opinions.counted.unreadable == 3
    assert [event.fault for event in of_type(tmp_path / "b", "consulted")] == ["gone"] * 3


def test_its_models_are_served_while_the_trial_runs(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from contextlib import asynccontextmanager\n"
        "from agents.models import Completion, Model\n"
        "from relay.errors import UsageError\n"
        "served = []\n"
        "class Mine(Model):\n"
        "    name: str\n"
        "    @asynccontextmanager\n"
        "    async def served(self):\n"
        "        if self.name == 'away':\n"
        "            raise UsageError('no server answers; start one')\n"
        "        served.append(self.name)\n"
        "        yield\n"
        "        served.remove(self.name)\n"
        "    async def complete(self, request):\n"
        "        return Completion(text='true' if self.name in served else 'none')\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RELAY_MODELS", raising=False)
        run(tmp_path / "a", small(truth=f"judge(model={tmp_path}/mine.py:Mine/one)"))
        assert [word for _, word in told(tmp_path / "a")] == ["holds"] * 3
        with pytest.raises(UsageError, match="no server answers; start one"):
            run(
                tmp_path / "b", small(truth=f"judge(model=[{tmp_path}/mine.py:Mine/one, {tmp_path}/mine.py:Mine/away])")
            )
    assert not (tmp_path / "b").exists()


def test_of_a_claim_that_is_too_long_nobody_is_asked(tmp_path: Path) -> None:
    trial = judged(tmp_path / "a", "judge(model=mock/judge, longest=20)", small().agent)
    assert [word for _, word in told(tmp_path / "a")] == ["undecided"] * 3
    assert not of_type(tmp_path / "a", "consulted")
    assert trial.opinions.counted.no_opinion == 3 and trial.opinions.counted.unreadable == 0


def test_a_judge_that_is_away_interrupts_the_trial_which_can_be_resumed(tmp_path: Path) -> None:
    there = tmp_path / "there"
    body = f"'true' if __import__('os').path.exists({str(there)!r}) else fault(MachineFault)"
    chosen = small(truth=f"judge(model={model(tmp_path, body)})")
    assert run(tmp_path / "a", chosen).ended == "interrupted"
    faults = [(each.side, each.turn) for each in of_type(tmp_path / "a", "fault")]
    assert not faults  # they stand in the open tenure's file
    assert read_trial(tmp_path / "a").running[0].interrupted
    there.touch()
    assert run(tmp_path / "a", chosen).ended == "completed"
    assert [(each.side, each.turn) for each in of_type(tmp_path / "a", "fault")] == [("machine", 1)] * 3
    assert [word for _, word in told(tmp_path / "a")] == ["holds"] * 3


def test_judged_again_what_was_told_and_what_was_said_stays(tmp_path: Path) -> None:
    run(tmp_path / "a", small(truth="judge(model=mock/judge)"))
    assert again(tmp_path / "a", tmp_path / "same", ToyJudge(Toy().build(0))).same
    assert (tmp_path / "same/events.jsonl").read_bytes() == (tmp_path / "a/events.jsonl").read_bytes()
    assert again(tmp_path / "a", tmp_path / "b", Contrary(Toy().build(0))).changed
    said, kept = (of_type(tmp_path / name, "consulted") for name in ("a", "b"))
    assert [each.text for each in said] == [each.text for each in kept] == ["true", "false", "true"]
    assert [word for _, word in told(tmp_path / "a")] == [word for _, word in told(tmp_path / "b")]
    # under the other checker the judge was wrong
    assert read_trial(tmp_path / "a").opinions.counted != read_trial(tmp_path / "b").opinions.counted


def test_judges_and_prompts_rotate_by_the_turn(tmp_path: Path) -> None:
    (tmp_path / "short.md").write_text("{given}\n\n{definitions}\n\n{claim}\n\nTrue?")
    agent = scripted([state(SQUARE), state(FALSE)], *[[state(LAW), state(FALSE)]] * 3)
    models = "[mock/judge, mock/judge(accepts_false=1)]"
    truth = f"judge(model={models}, prompt=[judge, {tmp_path}/short.md])"
    trial = judged(tmp_path / "a", truth, agent, seed=1)
    said = list(of_type(tmp_path / "a", "consulted"))
    by_turn = [sorted({each.manner for each in said if each.turn == turn}) for turn in (1, 2, 3, 4)]
    assert all(len(each) == 1 for each in by_turn)
    assert sorted(each[0] for each in by_turn) == ["prompt 1"] * 2 + ["prompt 2"] * 2
    opinions = [word for status, word in told(tmp_path / "a") if status == "refuted"]
    assert sorted(map(str, opinions)) == ["holds", "holds", "refuted", "refuted"]
    record = trial.opinions.record()
    assert record is not None
    assert [(each["prompt"], each["false"]) for each in record["judges"]] == [("prompt 1", 2), ("prompt 2", 2)]
    for seed in (2, 3, 4):
        judged(tmp_path / str(seed), truth, agent, seed=seed)
    orders = {tuple(each.manner for each in of_type(tmp_path / name, "consulted")) for name in ("a", "2", "3", "4")}
    assert len(orders) > 1


def test_a_prompt_of_ones_own_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text("{claim}\nAnswer true or false.")
    chosen = small(truth=f"judge(model={model(tmp_path, repr('true'))}, prompt={path})")
    assert chosen.truth.parameters["prompt"] == ["files/mine.md"]
    assert chosen.files["files/mine.md"].used_by == ("truth",) and "files/said.py" in chosen.files
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    reopen(tmp_path / "a", 1, {1: own_events(tmp_path / "a", 1, 1)[:4]})
    path.unlink()
    with pytest.raises(UsageError, match="give --trust"):
        resumed_condition(tmp_path / "a")
    asyncio.run(resume_trial(tmp_path / "a", trust=True, judge=ToyJudge(Toy().build(0)), retry=QUICK))
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    assert str(tmp_path).encode() not in wanted
    # and nothing of it depends on where the trial lies
    reopen(tmp_path / "a", 1, {1: own_events(tmp_path / "a", 1, 1)[:6]})
    (tmp_path / "a").rename(tmp_path / "b")
    asyncio.run(resume_trial(tmp_path / "b", trust=True, judge=ToyJudge(Toy().build(0)), retry=QUICK))
    assert (tmp_path / "b/events.jsonl").read_bytes() == wanted


def test_the_transport_of_a_judge_is_no_part_of_the_condition(tmp_path: Path) -> None:
    models = "[openai/a(timeout=7, base_url=http://localhost:1/v1, tokenizer=''), mock/judge]"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELAY_MODELS", "mock,openai")
        chosen = small(truth=f"judge(model={models})")
    assert not {"timeout", "base_url", "concurrency"} & chosen.truth.parameters["model"][0]["parameters"].keys()
    assert chosen.origin.transport == {"truth.model.1": {"timeout": 7.0, "base_url": "http://localhost:1/v1"}}
    whole = joined("truth", "relay.truth", chosen.truth, chosen.origin.transport).parameters["model"]
    assert whole[0]["parameters"]["timeout"] == 7.0 and whole[1] == chosen.truth.parameters["model"][1]
    with pytest.raises(UsageError, match="`accepts_false` can't be changed in a trial that has begun"):
        joined("truth", "relay.truth", chosen.truth, {"truth.model.2": {"accepts_false": 1.0}})


def test_the_address_of_a_judge_must_be_trusted_too(tmp_path: Path) -> None:
    chosen = condition(agent=scripted("Well."), task="alien", truth="judge(model=mock/judge)", generations=1)
    asyncio.run(run_trial(chosen, tmp_path / "a", workers=1, retry=QUICK))
    transport = {"truth.model.1": {"base_url": "http://stranger.example/v1"}}
    (tmp_path / "a/transport.json").write_text(json.dumps(transport))
    for given in ({}, {"base_url": "http://localhost:1/v1"}):
        with pytest.raises(UsageError, match=r"asks its model `truth\.model\.1` at http://stranger\.example/v1"):
            resumed_condition(tmp_path / "a", transport=given)


def test_money_of_a_judge_is_a_tally_of_its_own(tmp_path: Path) -> None:
    table = {"currency": "EUR", "per": 1_000, "models": {"mock/judge": {"input": 1, "output": 2}}}
    prices = PriceTable.model_validate(table)
    run(tmp_path / "a", small(truth="judge(model=mock/judge)", prices=prices))
    said = [event for event in of_type(tmp_path / "a", "consulted") if isinstance(event, Consulted)]
    assert all(each.money * 1_000 == each.tokens_in + 2 * each.tokens_out > 0 for each in said)
    assert all(end.spent.money == 0 for end in events(tmp_path / "a") if isinstance(end, GenerationEnded))
    trial = read_trial(tmp_path / "a")
    [words] = [line for line in trial.opinions.lines(trial.currency) if line.startswith("asked")]
    assert words.startswith("asked mock/judge 3 times: ") and words.endswith(" EUR")
    with pytest.raises(UsageError, match="the price table has no model `mock/judge`"):
        small(truth="judge(model=mock/judge)", prices=PriceTable.model_validate({**table, "models": {}}))
