"""Renaming of the definitions that a text calls, token by token.

The text is not parsed, so it may be wrong, and its layout and comments stay. The words around a name therefore decide
whether the text binds it.
"""

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
    """Return `source`, one or several statements, with new names for the definitions that it calls, defines or passes
    on.

    A name in `names` is replaced if an opening bracket follows it, or if its statement does not bind it. Variables,
    comments and the names of claims stay, even if they are spelt like a name in `names`.
    """
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
    """The names that one statement may call or pass on as functions: all except those that it binds and never calls."""
    bound = _bound_names(source)
    return frozenset(
        match["name"]
        for match in _TOKEN.finditer(source)
        if match["name"] and match["name"] not in RESERVED and (match["call"] or match["name"] not in bound)
    )


def _bound_names(source: str) -> frozenset[str]:
    """The names of parameters and generator variables, and all names in the sizes of arrays."""
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
        # `NAME:` is a parameter, `for NAME` a variable of a generator.
        elif word == ":" and _is_name(last):
            yield last
        elif _is_name(word) and (inside or last == "for"):
            yield word
        last = word


def _is_name(word: str) -> bool:
    return word.isidentifier()
