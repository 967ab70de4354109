"""A disguise: words that betray a field of mathematics trade places with words that mean nothing.

A language model that has read every textbook shall not recognise a field by its words, so that what it finds is found
and not recalled. The words trade places with their aliases at the researcher's boundary, in all that it is told and in
all that it says. The trade undoes itself: what somebody wrote comes back to them as they wrote it, and the true word is
to them one more name that means nothing. Everything behind the boundary, the log too, has the true words.

An alias has as many letters as its word (three at least), so that columns in errors, and what is cut to a length, are
right for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from numpy.random import Generator

from relay.observation import Message
from relay.seeds import generator
from relay.telling import SHORTEST, Telling, spellings

__all__ = ["ORDINARY", "PLAIN", "Disguise"]

CONSONANTS, VOWELS, LAST = "bdfgklmnprstvz", "aiou", "bgkmpvz"
"""Aliases are consonant, vowel, consonant, vowel and so on, and end with a vowel or one of the last: hardly an English
word does."""
TRIES = 1_000
"""Draws of an alias before it gets one letter more: there are few words of three letters."""
ORDINARY = frozenset({
    "basis", "bag", "big", "bug", "data", "dim", "div", "dog", "fib", "gap", "gib", "lap", "log", "map", "mib",
    "minimum", "minus", "modulo", "monus", "mug", "num", "pip", "rig", "sub", "sum", "sup", "tab", "tag", "tap", "top",
    "zig", "zip",
})  # fmt: skip
"""Words that look like aliases and are none: those that relay may say, which a test collects, and usual names."""

_TOLD = re.compile(r"[A-Za-z0-9_]+")
_WRITTEN = re.compile(r"(\\u[0-9A-Fa-f]{4}|\\u[A-Za-z0-9_]*|\\.)|[A-Za-z0-9_]+", re.DOTALL)
"""In JSON an escape is a token of its own: `\\nMatrix` is a line's end and a word. A broken `\\u` takes what
follows along, or an alias could mend it."""


@dataclass(frozen=True, eq=False)
class Disguise:
    """Words that trade places. Without any, nothing changes. There is one of each telling and seed."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    """Each true word -> its alias, and each alias -> its word."""

    @classmethod
    def of(cls, telling: Telling, seed: int | None) -> Disguise:
        """The disguise that a seed draws for what is telling; none where the seed is None."""
        return PLAIN if seed is None else _drawn(telling, seed)

    def swap(self, text: str) -> str:
        """A text with the words traded; whole words of ASCII letters, digits and underscores. Its own inverse."""
        return _TOLD.sub(lambda found: self.pairs.get(found[0], found[0]), text) if self.pairs else text

    def swap_answer(self, text: str) -> str:
        """The same for what a researcher wrote, which may be JSON: escapes are stepped over. Its own inverse, and of
        what the JSON says it swaps what `swap` does."""
        return _WRITTEN.sub(lambda found: found[1] or self.pairs.get(found[0], found[0]), text) if self.pairs else text

    def swap_messages(self, messages: Iterable[Message]) -> tuple[Message, ...]:
        """A prompt with the words traded, each message by who wrote it."""
        if not self.pairs:
            return tuple(messages)
        return tuple(
            message.model_copy(
                update={"content": (self.swap_answer if message.role == "assistant" else self.swap)(message.content)}
            )
            for message in messages
        )


PLAIN = Disguise()
"""The disguise of a reader who has none."""


@lru_cache(maxsize=64)
def _drawn(telling: Telling, seed: int) -> Disguise:
    kept = frozenset(telling.kept)
    true = {spelt.lower() for word in telling.words for spelt in spellings(word)}
    taken = {*ORDINARY, *telling.spoken, *map(str.lower, kept), *true}
    pairs: dict[str, str] = {}
    for word in telling.words:
        singular = word.partition("/")[0]
        if not {singular, singular.lower()}.isdisjoint(pairs):
            continue  # it is another's plural, or the same but for a capital
        alias = _alias(singular.lower(), taken, generator(seed, f"disguise {singular}"))
        taken |= {alias, f"{alias}s"}
        for spelt, renamed in zip(spellings(word), _respelt(word, alias), strict=True):
            if spelt not in kept and spelt not in pairs:
                pairs |= {spelt: renamed, renamed: spelt}
    return Disguise(pairs)


def _alias(word: str, taken: set[str], rng: Generator) -> str:
    length = max(len(word), SHORTEST)
    while True:
        for _ in range(TRIES):
            letters = [CONSONANTS if at % 2 == 0 else VOWELS for at in range(length)]
            letters[-1] = LAST if length % 2 else VOWELS
            alias = "".join(choice[int(rng.integers(len(choice)))] for choice in letters)
            if taken.isdisjoint({alias, f"{alias}s"}):
                return alias
        length += 1


def _respelt(word: str, alias: str) -> tuple[str, ...]:
    """The alias in the spellings of the word."""
    singular = word.partition("/")[0]
    own = spellings(word)
    if len(own) == 1:
        return (alias.upper() if singular.isupper() else alias.capitalize() if singular[0].isupper() else alias,)
    forms = [alias, f"{alias}s"][: len(own) // 3]
    return tuple(spelt for form in forms for spelt in (form, form.capitalize(), form.upper()))
