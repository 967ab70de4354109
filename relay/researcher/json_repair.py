"""Reads answers that are almost the requested JSON.

Small models, and servers that do not enforce a schema, wrap JSON in fences and prose, put a comma after the last item,
use Python's quotes and words, break lines inside strings, or omit the outermost brackets. General JSON repair guesses
more: it closes what was cut off, so half a statement would be stated. This module closes nothing. It reads a text once,
from left to right, and every string that it returns is in the text.
"""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["STRING", "list_start", "mended"]

LONGEST = 100_000
"""Most characters of a text that is repaired."""
DEEPEST = 32
"""Most brackets around a value. In the requested JSON, there are two around each action."""

# Possessive quantifiers (`*+`) never backtrack, so that hostile text can't make a match slow.
_START = re.compile(r"""\[\s*+\{\s*+["']\w++["']\s*+:|\{\s*+["']\w++["']\s*+:""")
"""The start of an answer, an action, or a list of actions, also within prose."""
_SPACE = re.compile(r"\s*")
STRING = re.compile(r""""[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^'\\]*+(?:\\.[^'\\]*+)*+'""", re.DOTALL)
"""A string in either kind of quotes."""
_WORD = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\w+")
_INSIDE = re.compile(r"\\.|\"", re.DOTALL)
_WORDS = {"true": True, "True": True, "false": False, "False": False, "null": None, "None": None}


def mended(text: str) -> list[Any]:
    """The items of the only list of actions in a text.

    Raises `ValueError` with the reason if there is not exactly one; the message is empty if nothing looks like one. If
    a part that looks like an answer can't be read, the search ends: text inside its strings is not an answer.
    """
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST:,} characters and is not JSON")
    found: list[list[Any]] = []
    start = _START.search(text)
    while start is not None:
        value, end = _value(text, start.start(), 0)
        if (actions := _actions(value)) is not None:
            found.append(actions)
        # The search goes on after the value: an answer inside it is a part of it.
        start = _START.search(text, end)
    if len(found) != 1:
        raise ValueError("it holds several answers" if found else "")
    return found[0]


def list_start(text: str) -> int | None:
    """The place where the JSON of an answer begins, also within prose; None if there is none."""
    start = _START.search(text)
    return None if start is None else start.start()


def _actions(value: Any) -> list[Any] | None:
    """The list of actions in a value, or None. The value may also be that list, or its only action."""
    if isinstance(value, dict) and isinstance(value.get("actions"), list):
        return list(value["actions"])
    alone = value if isinstance(value, list) else [value]
    every = alone and all(isinstance(item, dict) and isinstance(item.get("action"), str) for item in alone)
    return alone if every else None


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at `at`, and the place where it ends. There are `depth` brackets around it."""
    at = _after_space(text, at)
    mark = text[at : at + 1]
    if mark in ("{", "["):
        if depth == DEEPEST:
            raise _wrong(text, at, f"brackets are {DEEPEST} deep")
        return _bracketed(text, at, mark, depth)
    if mark in ('"', "'"):
        return _string(text, at)
    word = _WORD.match(text, at)
    if word is None or (word[0] not in _WORDS and not word[0].lstrip("-")[0].isdecimal()):
        raise _wrong(text, at, "a value is missing")
    try:
        return (_WORDS[word[0]] if word[0] in _WORDS else json.loads(word[0])), word.end()
    except json.JSONDecodeError:  # a `ValueError` too, but its message is good
        raise
    except ValueError:  # Python reads no more than 4,300 digits
        raise _wrong(text, at, "a number has too many digits") from None


def _bracketed(text: str, at: int, mark: str, depth: int) -> tuple[Any, int]:
    """The object or list whose opening bracket `mark` is at `at`, and the place where it ends. A comma may follow its
    last item."""
    close = "}" if mark == "{" else "]"
    items: list[Any] = []
    pairs: dict[str, Any] = {}
    at = _after_space(text, at + 1)
    while not text.startswith(close, at):
        if mark == "{":
            key, at = _string(text, at)
            at = _after_space(text, at)
            if not text.startswith(":", at):
                raise _wrong(text, at, "`:` is missing")
            pairs[key], at = _value(text, at + 1, depth + 1)
        else:
            item, at = _value(text, at, depth + 1)
            items.append(item)
        at = _after_space(text, at)
        if text.startswith(",", at):
            at = _after_space(text, at + 1)
        elif not text.startswith(close, at):
            raise _wrong(text, at, f"`,` or `{close}` is missing")
    return (pairs if mark == "{" else items), at + 1


def _string(text: str, at: int) -> tuple[str, int]:
    """The string that begins at `at`, in either kind of quotes, and the place where it ends. It may contain line
    breaks."""
    found = STRING.match(text, at)
    if found is None:
        raise _wrong(text, at, "a string in quotes is missing, or does not end")
    inside = _INSIDE.sub(lambda part: {"\\'": "'", '"': '\\"'}.get(part[0], part[0]), found[0][1:-1])
    return str(json.loads(f'"{inside}"', strict=False)), found.end()


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _wrong(text: str, at: int, what: str) -> ValueError:
    return ValueError(f"its JSON can't be read (line {text.count(chr(10), 0, at) + 1}: {what})")
