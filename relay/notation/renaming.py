"""Renaming of the definitions that a text calls, token by token.

The text is not parsed, so it may be wrong, and its layout and comments stay. The words around a name therefore decide
whether the text binds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count, pairwise

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

    A name in `names` is replaced if its statement does not bind it. It is also replaced if an opening bracket follows
    it, unless a parameter of the statement has the name: the parameter hides the definition. Other variables, comments
    and the names of claims stay. But if a new name is one that the statement binds, the bound name is replaced by
    another one, so that the call still calls the definition.
    """
    starts = [0, *(match.start() for match in _STATEMENT.finditer(source)), len(source)]
    return "".join(_renamed(source[low:high], names) for low, high in pairwise(starts))


def _renamed(source: str, names: Mapping[str, str]) -> str:
    bound, parameters = _bound_names(source)
    new = {names[name] for name in _mentioned(source, bound, parameters) if name in names}
    moved = {name: _fresh(name, source, names) for name in sorted(bound & new)}

    def renamed(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None or match["claim"] is not None:
            return match[0]
        called = match["call"] or ""
        if name in moved:
            return moved[name] + called
        if name not in names or name in parameters or (name in bound and not called):
            return match[0]
        return names[name] + called

    return _TOKEN.sub(renamed, source)


def _fresh(name: str, source: str, names: Mapping[str, str]) -> str:
    """A name like `name` that neither `source` nor `names` has."""
    taken = {*_WORD.findall(source), *names, *names.values()}
    return next(f"{name}_{number}" for number in count(2) if f"{name}_{number}" not in taken)


def mentioned_names(source: str) -> frozenset[str]:
    """The names that one statement may call or pass on as functions: all except its parameters, and the other names
    that it binds and never calls."""
    return frozenset(_mentioned(source, *_bound_names(source)))


def _mentioned(source: str, bound: frozenset[str], parameters: frozenset[str]) -> Iterator[str]:
    for match in _TOKEN.finditer(source):
        name = match["name"]
        if name and name not in RESERVED and name not in parameters and (match["call"] or name not in bound):
            yield name


def _bound_names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names of parameters and generator variables, and all names in the sizes of arrays; then the parameters
    alone."""
    found = list(_bindings(source))
    return frozenset(name for name, _ in found), frozenset(name for name, parameter in found if parameter)


def _bindings(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the names that a statement binds, each with whether it is a parameter."""
    last, before = "", ""
    inside = False
    for match in _WORD.finditer(source):
        word = match[0]
        if word.startswith("#"):
            continue
        if word == "[" and last in ("Vector", "Matrix"):
            inside = True
        elif word == "]":
            inside = False
        # `(NAME:` and `, NAME:` are parameters, `for NAME` is a variable of a generator. `where f == g:` binds nothing.
        elif word == ":" and _is_name(last) and before in ("(", ","):
            yield last, True
        elif _is_name(word) and (inside or last == "for"):
            yield word, False
        last, before = word, last


def _is_name(word: str) -> bool:
    return word.isidentifier()
