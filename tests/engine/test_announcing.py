"""The last turn is announced, so that a researcher can hand over; one that ends without is an event."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agents.models import Request
from relay.condition import resolve_condition
from relay.prompting import LAST


@pytest.mark.parametrize(
    ("notes", "memory", "turns", "lost"),
    [
        ("ledger", "fresh", 2, ": what is not in the notes after it is lost."),
        ("journal", "fresh", 2, ": what is not in the notes after it is lost."),
        ("none", "fresh", 2, "."),
        ("ledger", "immortal", 2, ": what is neither in the notes nor in this conversation after it is lost."),
        ("none", "immortal", 2, ": what is not in this conversation after it is lost."),
        ("none", "fresh", 1, "."),
    ],
)
def test_what_a_researcher_reads_of_what_is_passed_on_is_true(
    tmp_path: Path, notes: str, memory: str, turns: int, lost: str
) -> None:
    """The last line is that of a probe."""
    seen: list[Request] = []

    def listen(request: Request) -> str:
        seen.append(request)
        return NOTHING

    agent, limits = parrot(listen), budget(turns=turns, context=16_000)
    chosen = resolve_condition("alien", agent=agent, notes=notes, memory=memory, generations=2, seed=3, budget=limits)
    asyncio.run(run_trial(chosen, tmp_path / "a"))
    assert len(seen) == 2 * turns
    first, last = seen[-turns].messages, seen[-1].messages
    assert last[-1].content.rpartition("\n\n")[2].startswith(f"{LAST}{lost} Left: 1 turns")
    assert (NOTHING in [message.content for message in first]) == ("conversation" in lost)  # what was said before
    for words, there in (("is handed on:", "conversation" in lost), ("There are no notes:", notes == "none")):
        assert (words in first[0].content) == there
