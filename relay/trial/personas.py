"""Personas: texts that say to researchers who they are, by their places in a generation.

One text is for all places; several go round by place. They are files, of which the trial has copies. A persona stands
in the prompt like the brief, and is counted like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relay.component_files import verified
from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.user_files import read_user_file
from relay.text import quantity

__all__ = ["check_places", "persona_of", "personas_in", "read_persona"]

LONGEST = 8_000
"""Most characters of a text."""


def personas_in(condition: Condition) -> tuple[str, ...]:
    """The texts of a condition's personas, in order. Raises `UsageError` if a file is not the one that it names."""
    if not condition.personas:
        return ()
    paths = verified(condition)
    return tuple(read_persona(paths[name]) for name in condition.personas)


def persona_of(personas: tuple[str, ...], tenure: int) -> str:
    """The text for a place of a generation, from 1; empty if there are none."""
    return personas[(tenure - 1) % len(personas)] if personas else ""


def read_persona(path: Path) -> str:
    """The text in a file. Raises `UsageError` if it can't be read, is empty, or is too long."""
    if path.suffix == ".py":  # a trial with such a file is taken for one that runs code of its own
        raise UsageError(f"the persona {path} is a Python file by its name, and is read as mere text; rename it")
    try:
        text = read_user_file(path, 4 * LONGEST + 2).decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        raise UsageError(f"the persona {path} is no UTF-8 text; give a plain text file") from None
    except OSError as error:
        raise UsageError(
            f"the persona {path} can't be read: {error.strerror or error}; give the path of a text file"
        ) from None
    if not text:
        raise UsageError(f"the persona {path} is empty; say in it who the researcher is, or leave it out")
    if len(text) > LONGEST:
        raise UsageError(f"the persona {path} has {len(text):,} characters, and may have {LONGEST:,}; shorten it")
    return text


def check_places(personas: Sequence[object], width: int) -> None:
    """Raise `UsageError` if there are more texts than places: one would never be used."""
    if len(personas) > width:
        raise UsageError(
            f"{quantity(len(personas), 'persona')} for {quantity(width, 'researcher')} in a generation: the last would "
            f"never be used; leave some out, or give --width {len(personas)}"
        )
