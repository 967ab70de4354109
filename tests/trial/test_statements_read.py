"""The engine reads a statement from text once: when it is stated."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from relay.notation import Scope, read_statement, statement_reader
from relay.notation.syntax import Statement
from relay.trial.directory import load_trial
from tests.trial.helpers import condition, of_type, run


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Source -> how often a statement was read from it; what can't be read is left out."""
    counts = Counter[str]()

    def counting(source: str, scope: Scope, statement_size: int | None = None) -> Statement:
        statement = read_statement(source, scope, statement_size)
        counts[statement.source] += 1
        return statement

    monkeypatch.setattr(statement_reader, "read_statement", counting)
    return counts


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("notes", ["journal", "ledger"])
@pytest.mark.parametrize("memory", ["fresh", "immortal"])
def test_it_is_read_once_each_time_it_is_stated(
    tmp_path: Path, reads: Counter[str], memory: str, notes: str, width: int
) -> None:
    final = run(tmp_path / "a", condition(memory=memory, notes=notes, width=width, generations=4))
    stated = Counter(event.source.strip() for event in of_type(tmp_path / "a", "judged") if event.key)
    assert final.store.notes and {source: reads[source] for source in stated} == stated
    reads.clear()
    load_trial(tmp_path / "a", trust=True)
    assert set(reads.values()) == {1} and reads.keys() <= stated.keys()
