"""The condition of a probe: one turn, and no notes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relay.commands.arguments import price_table, task_spec
from relay.records.condition import Condition
from relay.records.spec import ComponentSpec
from relay.trial.resolve import Schemes, resolve_condition

__all__ = ["probe_condition"]


def probe_condition(
    task: str, agent: ComponentSpec, draws: int, budget: Mapping[str, Any], prices: Path | None, seed: int
) -> Condition:
    """Return the condition of a probe of `task` with `draws` researchers side by side. `budget` holds the numbers that
    were given."""
    return resolve_condition(
        task_spec(task),
        agent=agent,
        schemes=Schemes(notes="none"),
        generations=1,
        width=draws,
        # The single turn makes it a probe. Its one answer may use all tokens that are left, unless --answer bounds it.
        budget={"answer": None, **budget, "turns": 1},
        prices=price_table(prices),
        seed=seed,
    )
