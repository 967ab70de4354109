"""How commands read and write."""

from __future__ import annotations

import json as jsonlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from relay.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType


def _source(file: Path | None) -> str:
    return "standard input" if file is None or str(file) == "-" else str(file)


def _read(file: Path | None) -> str:
    try:
        if file is None or str(file) == "-":
            if sys.stdin.isatty():
                _say("type statements; Ctrl-D on a line of its own ends them")
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{_source(file)} is not UTF-8 text (line {line}, byte {error.start}); save it as UTF-8"
        ) from None
    except OSError as error:
        raise UsageError(f"{file} can't be read ({error.strerror}); give a file of statements") from None


def _print(what: RenderableType) -> None:
    from rich.console import Console

    Console(highlight=False).print(what)


def _print_json(data: object) -> None:
    typer.echo(_json_line(data, indent=2))


def _json_line(data: object, indent: int | None = None) -> str:
    unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return jsonlib.dumps(data, indent=indent, ensure_ascii=not unicode)


def _write_line(text: str) -> None:
    """Write a line now, and all of it: Ctrl-C waits until it stands there."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        typer.echo(text)
        sys.stdout.flush()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _say(text: str) -> None:
    typer.echo(text, err=True)
