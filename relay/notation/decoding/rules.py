"""A context-free grammar under construction: rules, their alternatives, and the text for a decoder.

The text is in llguidance's dialect of Lark. There a rule may carry a set of 64 marks, which it hands down to the rules
inside it. An alternative may require marks and set marks. This allows a name only where it is bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["Alternative", "Grammar", "Reference", "Text"]

MARKS = 64
"""The number of marks that a rule can carry. llguidance keeps them in an integer of 64 bits."""


@dataclass(frozen=True)
class Text:
    """Literal characters."""

    value: str


@dataclass(frozen=True)
class Reference:
    """A rule or a terminal. A rule receives the marks of the rule around it and, in addition, those of `setting`.

    `either` is a pair of sets of marks: the rule derives some text only if a mark of the first set is set, or a mark of
    the second is not. Without this condition a decoder would reach places where nothing can follow. None: the rule
    always derives some text.
    """

    name: str
    setting: int = 0
    either: tuple[int, int] | None = None


Symbol = Text | Reference


@dataclass(frozen=True)
class Alternative:
    """Symbols one after the other. The alternative is allowed if all marks of `needs` and none of `free` are set, and
    if each of its references derives some text."""

    symbols: tuple[Symbol, ...]
    needs: int = 0
    free: int = 0

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions on the marks, all of which must hold, in the decoder's syntax."""
        asked = [f"bit_set({bit})" for bit in _bits(self.needs)]
        asked += [f"bit_clear({bit})" for bit in _bits(self.free)]
        for symbol in self.symbols:
            if isinstance(symbol, Reference) and symbol.either is not None:
                asked.append(_either(*symbol.either))
        return tuple(dict.fromkeys(asked))  # several references may have the same condition


@dataclass
class Grammar:
    """Rules and terminals by name. Some rules carry marks; terminals carry none."""

    rules: dict[str, list[Alternative]] = field(default_factory=dict)
    terminals: dict[str, str] = field(default_factory=dict)
    """Name -> right side in the decoder's syntax. A name in capitals is a regular expression, another name a rule."""

    def add(self, rule: str, *symbols: Symbol | str, needs: int = 0, free: int = 0) -> None:
        """Add an alternative to a rule. Strings among the symbols are literal text."""
        alternatives = self.rules.setdefault(rule, [])
        read = tuple(Text(symbol) if isinstance(symbol, str) else symbol for symbol in symbols)
        alternatives.append(Alternative(read, needs, free))

    def text(self, start: str) -> str:
        """The grammar as text. Alternatives that derive nothing, and rules that can't be reached from `start`, are left
        out."""
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
        # At the start no mark is set.
        lines = ["%llguidance {}", f"start: {start}::0x0" if start in marked else f"start: {start}"]
        lines += [line for name in sorted(reached) for line in _rule(name, reached[name], marked)]
        used = {rule for alternatives in reached.values() for one in alternatives for rule in _mentioned(one)}
        lines += [f"{name}: {right}" for name, right in sorted(self.terminals.items()) if name in used]
        return "\n".join(lines) + "\n"

    def _productive(self) -> set[str]:
        """The names of the rules and terminals that derive some text when all conditions on marks are ignored."""
        alive = set(self.terminals)
        # Rules refer to each other in circles, so the set grows until it stays the same.
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
    """The names of the rules that have conditions on marks, themselves or through other rules. The decoder accepts
    marks on no other rule."""
    marked: set[str] = set()
    # As in `_productive`: the set grows until it stays the same.
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
    """Conditions joined by `and` or `or`, two at a time, as the decoder requires."""
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
