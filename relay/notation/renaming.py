"""Renaming of what a text calls, token by token, without reading it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from relay.notation.scope import RESERVED

__all__ = ["mentioned_names", "rename_calls"]

_TOKEN = re.compile(
    r"#[^\n]*|[0-9]+|(?P<claim>\bclaim[ \t\r\n]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<call>[ \t\r\n]*\()?"
)
_STATEMENT = re.compile(r"(?m)^(?=[ \t]*(?:define|claim)\b)")
_WORD = re.compile(r"#[^\n]*|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^\sA-Za-z0-9_]")


def rename_calls(source: str, names: Mapping[str, str]) -> str:
    """`source`, one or several statements, with new names for what it calls, for what it defines, and for what it
    passes on as a function: every name in `names` right before an opening bracket, and every other one that the
    statement does not bind. Variables, comments and the names of claims stay, even if they are spelt alike."""
    starts = [0, *(match.start() for match in _STATEMENT.finditer(source)), len(source)]
    return "".join(_renamed(source[low:high], names) for low, high in pairwise(starts))


def _renamed(source: str, names: Mapping[str, str]) -> str:
    bound = _bound_names(source)

    def renamed(match: re.Match[str]) -> str:
        name = match.group("name")
        if name is None or match.group("claim") is not None or name not in names:
            return match.group()
        if match.group("call") is None:
            return match.group() if name in bound else names[name]
        return names[name] + match.group("call")

    return _TOKEN.sub(renamed, source)


def mentioned_names(source: str) -> frozenset[str]:
    """The names that one statement may call, or pass on as functions: all but those that it binds and calls nowhere."""
    bound = _bound_names(source)
    return frozenset(
        match["name"]
        for match in _TOKEN.finditer(source)
        if match["name"] and match["name"] not in RESERVED and (match["call"] or match["name"] not in bound)
    )


def _bound_names(source: str) -> frozenset[str]:
    """Parameters, generators' variables, and what stands in the sizes of arrays."""
    return frozenset(_bindings(source))


def _bindings(source: str) -> Iterator[str]:
    last = ""
    inside = False
    for match in _WORD.finditer(source):
        word = match[0]
        if word.startswith("#"):
            continue
        if word == "[" and last in ("Vector", "Matrix"):
            inside = True
        elif word == "]":
            inside = False
        elif word == ":" and _is_name(last):
            yield last
        elif _is_name(word) and (inside or last == "for"):
            yield word
        last = word


def _is_name(word: str) -> bool:
    return word.isidentifier()
