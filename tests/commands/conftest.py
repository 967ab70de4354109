from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cli
from tests.analysis.builder import log, toy, write


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Invoke = Callable[..., Result]


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Run the command line in this process: `relay("show", directory, stdin="...")`."""

    def invoke(*arguments: Any, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["relay", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        status: Any = 0
        try:
            cli.main()
        except SystemExit as ended:
            status = ended.code or 0
        captured = capsys.readouterr()
        return Result(int(status), captured.out, captured.err)

    return invoke


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory of a finished trial, written by hand."""
    task = toy()
    return write(tmp_path / "trial", task, log(task, 4))
