"""A context-free grammar under construction: rules, their alternatives, and the text that a decoder reads.

The text is llguidance's dialect of Lark. Every rule may carry a set of 64 marks, handed down to the rules that stand in
it; an alternative may ask for marks and set some. That is how a name can be used only where it is bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["Alternative", "Grammar", "Reference", "Text"]

MARKS = 64
"""Marks that a rule carries."""


@dataclass(frozen=True)
class Text:
    """Characters as they stand."""

    value: str


@dataclass(frozen=True)
class Reference:
    """A rule or a terminal; a rule is handed the marks, and `setting` beside them.

    Some text comes from it only where `either` holds: one of these marks is set, or one of those is free. Without
    that a decoder would run into places where nothing can follow.
    """

    name: str
    setting: int = 0
    either: tuple[int, int] | None = None


Symbol = Text | Reference


@dataclass(frozen=True)
class Alternative:
    """Symbols one after the other, allowed where all of `needs` are set and none of `free`, and where something comes
    from each of its references."""

    symbols: tuple[Symbol, ...]
    needs: int = 0
    free: int = 0

    @property
    def conditions(self) -> tuple[str, ...]:
        """What is asked of the marks, as the decoder reads it; all of it."""
        asked = [f"bit_set({bit})" for bit in _bits(self.needs)]
        asked += [f"bit_clear({bit})" for bit in _bits(self.free)]
        for symbol in self.symbols:
            if isinstance(symbol, Reference) and symbol.either is not None:
                asked.append(_either(*symbol.either))
        return tuple(dict.fromkeys(asked))


@dataclass
class Grammar:
    """Rules by name, of which some carry marks, and terminals, which carry none."""

    rules: dict[str, list[Alternative]] = field(default_factory=dict)
    terminals: dict[str, str] = field(default_factory=dict)
    """Name -> its right side, as the decoder reads it: in capitals a regular expression, else a rule of its own."""

    def add(self, rule: str, *symbols: Symbol | str, needs: int = 0, free: int = 0) -> None:
        """One more alternative of a rule; a string is text."""
        alternatives = self.rules.setdefault(rule, [])
        read = tuple(Text(symbol) if isinstance(symbol, str) else symbol for symbol in symbols)
        alternatives.append(Alternative(read, needs, free))

    def text(self, start: str) -> str:
        """The grammar from `start`, without rules that derive nothing or that nothing reaches."""
        alive = self._productive()
        reached: dict[str, list[Alternative]] = {}
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name in reached or name not in self.rules:
                continue
            reached[name] = [one for one in self.rules[name] if _derives(one, alive)]
            waiting += [rule for one in reached[name] for rule in _mentioned(one)]
        marked = _marked(reached)
        lines = ["%llguidance {}", f"start: {start}::0x0" if start in marked else f"start: {start}"]
        lines += [line for name in sorted(reached) for line in _rule(name, reached[name], marked)]
        used = {rule for alternatives in reached.values() for one in alternatives for rule in _mentioned(one)}
        lines += [f"{name}: {right}" for name, right in sorted(self.terminals.items()) if name in used]
        return "\n".join(lines) + "\n"

    def _productive(self) -> set[str]:
        """Rules and terminals from which some text comes, marks apart."""
        alive = set(self.terminals)
        while True:
            more = {
                name
                for name, alternatives in self.rules.items()
                if name not in alive and any(_derives(one, alive) for one in alternatives)
            }
            if not more:
                return alive
            alive |= more


def _derives(alternative: Alternative, alive: set[str]) -> bool:
    return all(name in alive for name in _mentioned(alternative))


def _mentioned(alternative: Alternative) -> Iterator[str]:
    return (symbol.name for symbol in alternative.symbols if isinstance(symbol, Reference))


def _marked(rules: Mapping[str, list[Alternative]]) -> set[str]:
    """Rules that look at their marks, themselves or through others; the decoder wants no marks on the rest."""
    marked: set[str] = set()
    while True:
        more = {
            name
            for name, alternatives in rules.items()
            if name not in marked
            and any(one.conditions or marked.intersection(_mentioned(one)) for one in alternatives)
        }
        if not more:
            return marked
        marked |= more


def _rule(name: str, alternatives: list[Alternative], marked: set[str]) -> Iterator[str]:
    head = f"{name}::_" if name in marked else name
    for place, one in enumerate(alternatives):
        body = " ".join(_symbol(symbol, marked) for symbol in one.symbols) or '""'
        yield f"{head if not place else ' ' * len(head)} {'|' if place else ':'} {body}{_condition(one)}"


def _symbol(symbol: Symbol, marked: set[str]) -> str:
    if isinstance(symbol, Text):
        return json.dumps(symbol.value)
    if symbol.name not in marked:
        return symbol.name
    return f"{symbol.name}::bit_or({symbol.setting:#x})" if symbol.setting else f"{symbol.name}::_"


def _condition(alternative: Alternative) -> str:
    asked = alternative.conditions
    return f"  %if {_joined('and', asked)}" if asked else ""


def _joined(word: str, parts: Sequence[str]) -> str:
    """The decoder joins two conditions at a time."""
    joined = parts[0]
    for part in parts[1:]:
        joined = f"{word}({joined}, {part})"
    return joined


@lru_cache(maxsize=4096)
def _either(one_of: int, free: int) -> str:
    return _joined("or", [f"bit_set({bit})" for bit in _bits(one_of)] + [f"bit_clear({bit})" for bit in _bits(free)])


@lru_cache(maxsize=4096)
def _bits(marks: int) -> tuple[int, ...]:
    return tuple(bit for bit in range(MARKS) if marks >> bit & 1)
