"""A mistake in a component of one's own is one line that names the file, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Invoke

HEAD = "from relay.schemes.notes.scheme import Layout, NoteScheme\n"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    pass\n", "lacks `instructions` and `show`"),
        (
            "    def instructions(self):\n        return ''\n"
            "    def show(self, notes, room, count):\n        return 1 / 0\n",
            "the note scheme `Mine` failed with ZeroDivisionError: division by zero in `Mine.show`",
        ),
        ("    cap: int = 'many'\n    def broken(:\n", "mine.py` can't be imported: SyntaxError"),
    ],
)
def test_one_line(relay: Invoke, tmp_path: Path, body: str, told: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"{HEAD}class Mine(NoteScheme):\n{body}", encoding="utf-8")
    found = relay("run", "alien", "-g", "1", "-q", "--workers", "0", "--notes", f"{file}:Mine", "--out", tmp_path / "t")
    assert found.status == 2 and not found.out
    assert told in found.err and "mine.py" in found.err
    assert found.err.count("\n") == 1


def test_a_bug_of_relay_shows_where_it_is(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("relay's own")

    monkeypatch.setattr("relay.records.reader.TrialReader.open", broken)
    with pytest.raises(ZeroDivisionError, match="relay's own"):
        relay("show", tmp_path)
