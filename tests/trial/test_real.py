"""The real examiner, task and explorer behind the engine: the place where code runs changes nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from relay.records.budget import Budget
from relay.scoring.workers import Workers
from relay.trial.directory import load_trial
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial
from tests.trial.helpers import of_type, record, scripted, state

SMALL = Budget(turns=3, tokens=60_000, context=12_000, evaluations=2_000)


@pytest.mark.slow
def test_workers_and_width_change_no_byte(tmp_path: Path) -> None:
    chosen = resolve_condition("alien(q=3, layers=2, width=1)", budget=SMALL, generations=2, width=3, seed=3)
    for name, workers in (("here", 0), ("there", 2)):
        asyncio.run(run_trial(chosen, tmp_path / name, workers=workers))
    assert (tmp_path / "here/events.jsonl").read_bytes() == (tmp_path / "there/events.jsonl").read_bytes()
    final = load_trial(tmp_path / "here", trust=True).state
    assert final.ended == "completed" and final.discoveries.established


@pytest.mark.slow
def test_trials_side_by_side_share_workers_and_nothing_else(tmp_path: Path) -> None:
    task = "alien(q=3, layers=2, width=1)"
    every = [resolve_condition(task, budget=SMALL, generations=1, seed=seed) for seed in (3, 3, 4)]

    async def together() -> None:
        async with Workers(2) as pool, asyncio.TaskGroup() as group:
            for number, chosen in enumerate(every):
                group.create_task(run_trial(chosen, tmp_path / f"beside{number}", workers=pool))

    async def afterwards() -> None:
        async with Workers(1) as pool:
            process = await pool.run(os.getpid)
            await run_trial(every[0], tmp_path / "first", workers=pool)
            assert await pool.run(os.getpid) == process  # the pool is open still

    asyncio.run(together())
    asyncio.run(afterwards())
    for number, chosen in enumerate(every):
        asyncio.run(run_trial(chosen, tmp_path / f"alone{number}"))
        beside, alone = ((tmp_path / f"{name}{number}/events.jsonl").read_bytes() for name in ("beside", "alone"))
        assert beside == alone
    assert (tmp_path / "beside0/events.jsonl").read_bytes() != (tmp_path / "beside2/events.jsonl").read_bytes()


def test_a_scripted_researcher_of_linear_algebra(tmp_path: Path) -> None:
    product = (
        "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] = "
        "matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))"
    )
    trace = "define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))"
    cyclic = "claim trace_cyclic (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))"
    wrong = "claim (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) == mul(B, A)"
    agent = scripted(
        [
            state(product),
            state(trace),
            state(cyclic),
            state(wrong),
            {"action": "evaluate", "term": "trace(mul([[1]]))"},
        ],
        [record("mul"), record("trace"), record("trace_cyclic", "the order does not matter"), record(wrong)],
    )
    chosen = resolve_condition("linear_algebra", agent=agent, budget=SMALL, generations=2)
    final = asyncio.run(run_trial(chosen, tmp_path / "a"))
    assert {"matrix_product", "trace"} <= set(final.discoveries.established)
    assert [event.status for event in of_type(tmp_path / "a", "judged")][:4] == [
        "defined",
        "defined",
        "proved",
        "refuted",
    ]
    assert final.last is not None and set(final.last.retained) == set(final.discoveries.established)
    replies = [event.reply for event in of_type(tmp_path / "a", "acted")]
    assert replies[0] == "defined: mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n]. It cost 3 evaluations."
    assert not any("sizes" in reply or "mod " in reply for reply in replies[:3])
