"""Prints the tables of `relay.checker.stages.tables` between two marks of `docs/checker.md`:

    python -m relay.checker.stages.page docs/checker.md

A test compares the committed page with the output of this module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from relay.checker.stages.conditions import always
from relay.checker.stages.stage import Amount, ExploringStage, ReasoningStage, SearchStage, Stage, StageTable
from relay.checker.stages.tables import TABLES

__all__ = ["with_tables"]

BEGIN = "<!-- Made by `python -m relay.checker.stages.page docs/checker.md`; change the code, not these tables. -->"
END = "<!-- The end of the generated tables. -->"
HEAD = ("stage", "fields, or step", "cases", "random values", "counts", "when")


def with_tables(page: str) -> str:
    """Returns the page with the tables between its two marks. Raises `ValueError` if a mark is missing."""
    begin = page.index(BEGIN) + len(BEGIN)
    end = page.index(END, begin)
    return "\n".join([page[:begin], "", *map(_table, TABLES), page[end:]])


def _table(table: StageTable) -> str:
    rows = (HEAD, ("---",) * len(HEAD), *map(_cells, table.stages))
    return "\n".join([f"Claims {table.claims}:", "", *(" | ".join(("", *row, "")).strip() for row in rows), ""])


def _cells(stage: Stage) -> tuple[str, ...]:
    """Returns the cells of one row, in the order of `HEAD`."""
    if isinstance(stage, ReasoningStage):
        return stage.name, _words(stage.step), "", "", "", _when(stage)
    fields = _words(stage.fields) + (": one by one" if stage.apart else "")
    counts = "all" if isinstance(stage, SearchStage) else "counterexamples, undefined values"
    return stage.name, fields, _cases(stage), _values(stage), counts, _when(stage)


def _cases(stage: SearchStage | ExploringStage) -> str:
    text = _words(stage.cases) if isinstance(stage, SearchStage) else _words(stage.ladders)
    if isinstance(stage, SearchStage) and stage.most is not None:
        text = f"the first {stage.most} {text}"
    if stage.affordable is not None:
        text += f"; a value is expected to cost at most {stage.affordable:,} nodes"
    return text


def _values(stage: SearchStage | ExploringStage) -> str:
    parts = [_amount(stage.values)]
    if isinstance(stage, ExploringStage):
        return f"{parts[0]}; of at most {stage.fuel:,} nodes"
    if stage.build:
        parts.append("built at some cases")
    if stage.exhaust:
        parts.append(f"all there are, up to {stage.exhaust:,}")
    return "; ".join(parts)


def _amount(amount: Amount) -> str:
    parts = [f"{amount.usual:,}", *(f"{count:,} if {_words(applies)}" for applies, count in amount.unless)]
    if amount.slow is not None:
        parts.append(f"{amount.slow} in fields without fast arithmetic")
    if amount.least is not None:
        parts.append(f"at least {_words(amount.least)}")
    return "; ".join(parts)


def _when(stage: Stage) -> str:
    parts = [] if stage.when is always else [_words(stage.when)]
    if isinstance(stage, SearchStage) and stage.until is not None:
        parts.append(f"until {_words(stage.until)}")
    if isinstance(stage, ExploringStage) and stage.stops:
        parts.append("until a field is too large at all cases")
    if isinstance(stage, ExploringStage) and stage.unpassed is not None:
        parts.append(f"if a field is too large at all cases, {_words(stage.unpassed)}")
    return "; ".join(parts)


def _words(choice: Callable[..., Any]) -> str:
    """Returns the text that stands for a function of an inquiry on the page: its docstring."""
    return (choice.__doc__ or choice.__name__).strip()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_tables(target.read_text(encoding="ascii")), encoding="ascii")
