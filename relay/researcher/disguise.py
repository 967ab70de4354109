"""A disguise: words that betray a field of mathematics trade places with words that mean nothing.

A language model that has read every textbook shall not recognise a field by its words, so that what it finds is found
and not recalled. The words trade places with their aliases at the researcher's boundary, in all that it is told and in
all that it says. The trade undoes itself: what somebody wrote comes back to them as they wrote it, and the true word is
to them one more name that means nothing. Everything behind the boundary, the log too, has the true words.

An alias has as many letters as its word, so that columns in errors, and what is cut to a length, are right for the
reader: also for one who writes a true word, and shall not see that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from numpy.random import Generator

from relay.researcher.answers import is_json
from relay.researcher.observation import Message
from relay.researcher.vocabulary import Vocabulary, spellings
from relay.seeds import generator

__all__ = ["ORDINARY", "PLAIN", "Disguise"]

CONSONANTS, VOWELS, LAST = "bdfgklmnprstvz", "aiou", "bgkmpvz"
"""Aliases are consonant, vowel, consonant, vowel and so on, and end with a vowel or one of the last: hardly an English
word does."""
SHORTEST = 2
"""Letters of an alias."""
TRIES = 1_000
"""Draws of an alias before it gets one letter more: there are few words of two or three letters."""
ORDINARY = frozenset({
    "basis", "bag", "big", "bits", "bug", "data", "digits", "dim", "div", "divisors", "do", "dog", "dots", "fa", "fib",
    "fits", "gap", "gib", "go", "lap", "limits", "lo", "log", "lora", "map", "mib", "minimum", "minors", "minus",
    "miss", "modulo", "monus", "mu", "mug", "naturals", "no", "nu", "num", "pass", "pi", "pip", "puts", "rig", "runs",
    "sa", "sits", "so", "sub", "sum", "sup", "tab", "tag", "tap", "to", "top", "za", "zig", "zip",
})  # fmt: skip
"""Words that look like aliases and are none: those that relay may say, which a test collects, and usual names."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""As the notation has it: `2Matrix` is a number and a word."""
_INITIAL = r"\\u00(?:[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff])"
_SPELT = rf"(?:{_INITIAL}|\\u003[0-9])"
_LETTER = f"(?:[A-Za-z0-9_]|{_SPELT})"
_ESCAPE = re.compile(_SPELT)
_WRITTEN = re.compile(rf"((?:[A-Za-z_]|{_INITIAL}){_LETTER}*)|\\u[0-9A-Fa-f]{{4}}|\\u{_LETTER}*|\\.", re.DOTALL)
"""JSON may spell a letter as an escape: `Matri\\u0078` is a word. Any other escape is a token of its own: `\\nMatrix`
is a line's end and a word. A broken `\\u` takes what follows along, or an alias, or a letter spelt out, could mend
it."""


@dataclass(frozen=True, eq=False)
class Disguise:
    """Words that trade places. Without any, nothing changes. There is one of each vocabulary and seed."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    """Each true word -> its alias, and each alias -> its word."""

    @classmethod
    def of(cls, vocabulary: Vocabulary, seed: int | None) -> Disguise:
        """The disguise that a seed draws for what is telling; none where the seed is None."""
        return PLAIN if seed is None else _drawn(vocabulary, seed)

    def swap(self, text: str) -> str:
        """A text with the words traded; whole words, of ASCII letters, digits and underscores. Its own inverse."""
        return _WORD.sub(lambda found: self.pairs.get(found[0], found[0]), text) if self.pairs else text

    def swap_json(self, text: str) -> str:
        """The same for JSON: of what it says it swaps what `swap` does, however that is spelt. Letters that are spelt
        as escapes are spelt out, in any word; but for these its own inverse."""
        return _WRITTEN.sub(self._swapped, text) if self.pairs else text

    def swap_answer(self, text: str) -> str:
        """The same for what a researcher wrote. Where that is not read as JSON a backslash is a backslash."""
        return self.swap_json(text) if self.pairs and is_json(text) else self.swap(text)

    def _swapped(self, found: re.Match[str]) -> str:
        if not found[1]:
            return found[0]
        word = _ESCAPE.sub(lambda letter: chr(int(letter[0][2:], 16)), found[1])
        return self.pairs.get(word, word)

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
def _drawn(vocabulary: Vocabulary, seed: int) -> Disguise:
    kept = frozenset(vocabulary.kept)
    true = {spelt.lower() for word in vocabulary.words for spelt in spellings(word)}
    taken = {*ORDINARY, *vocabulary.spoken, *map(str.lower, kept), *true}
    pairs: dict[str, str] = {}
    for word in vocabulary.words:
        singular = word.partition("/")[0]
        if not {singular, singular.lower()}.isdisjoint(pairs):
            continue  # it is another's plural, or the same but for a capital
        alias = _alias(word.lower(), taken, generator(seed, f"disguise {singular}"))
        taken |= {alias, _plural(word, alias)}
        for spelt, renamed in zip(spellings(word), _respelt(word, alias), strict=True):
            if spelt not in kept and spelt not in pairs:
                pairs |= {spelt: renamed, renamed: spelt}
    return Disguise(pairs)


def _alias(word: str, taken: set[str], rng: Generator) -> str:
    length = max(len(word.partition("/")[0]), SHORTEST)
    while True:
        for _ in range(TRIES):
            letters = [CONSONANTS if at % 2 == 0 else VOWELS for at in range(length)]
            letters[-1] = LAST if length % 2 else VOWELS
            alias = "".join(choice[int(rng.integers(len(choice)))] for choice in letters)
            if taken.isdisjoint({alias, _plural(word, alias)}):
                return alias
        length += 1


def _plural(word: str, alias: str) -> str:
    """The alias of a word's plural: as much longer or shorter than the alias as the plural is than the word."""
    singular, _, plural = word.partition("/")
    more = len(plural or f"{singular}s") - len(singular)
    return f"{(alias + 'u' * more)[: len(alias) + more - 1]}s"


def _respelt(word: str, alias: str) -> tuple[str, ...]:
    """The alias in the spellings of the word."""
    singular = word.partition("/")[0]
    own = spellings(word)
    if len(own) == 1:
        return (alias.upper() if singular.isupper() else alias.capitalize() if singular[0].isupper() else alias,)
    forms = [alias, _plural(word, alias)][: len(own) // 3]
    return tuple(spelt for form in forms for spelt in (form, form.capitalize(), form.upper()))
