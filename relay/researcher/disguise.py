"""A disguise: words that betray a field of mathematics change places with meaningless words.

A language model that has read every textbook should find results and not recall them, so it must not recognise the
field by its words. At the researcher's boundary, words and aliases change places in everything that it reads and
writes. The exchange is its own inverse: authors read their own text unchanged. A true word that an author writes is
exchanged too, so it does not work as that word. Everything behind the boundary, including the log, contains the true
words.

An alias has as many letters as its word. So columns in errors and lengths of cut texts are right for the reader, and do
not reveal which words are exchanged.
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
"""Letters of aliases: consonant, vowel, consonant, vowel and so on, with a vowel or one of `LAST` at the end. Hardly
any English word has this form."""
SHORTEST = 2
"""Fewest letters of an alias."""
TRIES = 1_000
"""Most draws of an alias of one length. If all of them are taken, the alias gets one letter more: there are few words
of two or three letters."""
ORDINARY = frozenset({
    "basis", "bag", "big", "bits", "bug", "data", "digits", "dim", "div", "divisors", "do", "dog", "dots", "fa", "fib",
    "fits", "gap", "gib", "go", "lap", "limits", "lo", "log", "lora", "map", "mib", "minimum", "minors", "minus",
    "miss", "modulo", "monus", "mu", "mug", "naturals", "no", "nu", "num", "pass", "pi", "pip", "puts", "rig", "runs",
    "sa", "sits", "so", "sub", "sum", "sup", "tab", "tag", "tap", "to", "top", "za", "zig", "zip",
})  # fmt: skip
"""Words that look like aliases but are not: words in relay's own texts (a test collects them), and usual names."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A word as in the notation: `2Matrix` is a number and a word."""
_INITIAL = r"\\u00(?:[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff])"
_SPELT = rf"(?:{_INITIAL}|\\u003[0-9])"
_LETTER = f"(?:[A-Za-z0-9_]|{_SPELT})"
_ESCAPE = re.compile(_SPELT)
_WRITTEN = re.compile(rf"((?:[A-Za-z_]|{_INITIAL}){_LETTER}*)|\\u[0-9A-Fa-f]{{4}}|\\u{_LETTER}*|\\.", re.DOTALL)
"""A word, or another escape, in JSON text.

JSON may write a letter as an escape: `Matri\\u0078` is a word. Any other escape is a token of its own: `\\nMatrix` is
an end of line and a word. A broken `\\u` takes the letters after it along; otherwise exchanging a word after it could
complete the escape.
"""


@dataclass(frozen=True, eq=False)
class Disguise:
    """Words that change places. Without words, nothing changes. There is one disguise for each vocabulary and seed."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    """True word -> alias, and alias -> true word."""

    @classmethod
    def of(cls, vocabulary: Vocabulary, seed: int | None) -> Disguise:
        """The disguise that a seed draws for a vocabulary; `PLAIN` if the seed is None."""
        return PLAIN if seed is None else _drawn(vocabulary, seed)

    def swap(self, text: str) -> str:
        """The text with its words exchanged: whole words of ASCII letters, digits and underscores. Its own inverse."""
        return _WORD.sub(lambda found: self.pairs.get(found[0], found[0]), text) if self.pairs else text

    def swap_json(self, text: str) -> str:
        """JSON text with the words exchanged in its decoded content. Letters that words spell as escapes become plain
        letters. Apart from that, `swap_json` is its own inverse."""
        return _WRITTEN.sub(self._swapped, text) if self.pairs else text

    def swap_answer(self, text: str) -> str:
        """A researcher's answer with the words exchanged. Backslashes start escapes only if the answer is read as
        JSON."""
        return self.swap_json(text) if self.pairs and is_json(text) else self.swap(text)

    def _swapped(self, found: re.Match[str]) -> str:
        if not found[1]:
            return found[0]
        word = _ESCAPE.sub(lambda letter: chr(int(letter[0][2:], 16)), found[1])
        return self.pairs.get(word, word)

    def swap_messages(self, messages: Iterable[Message]) -> tuple[Message, ...]:
        """A prompt with the words exchanged. The researcher's own messages are treated as answers (`swap_answer`), all
        others as plain text."""
        if not self.pairs:
            return tuple(messages)
        return tuple(
            message.model_copy(
                update={"content": (self.swap_answer if message.role == "assistant" else self.swap)(message.content)}
            )
            for message in messages
        )


PLAIN = Disguise()
"""The disguise that changes nothing."""


@lru_cache(maxsize=64)
def _drawn(vocabulary: Vocabulary, seed: int) -> Disguise:
    # Cached, because the draws are slow and every prompt of a trial needs the same disguise.
    kept = frozenset(vocabulary.kept)
    true = {spelt.lower() for word in vocabulary.words for spelt in spellings(word)}
    taken = {*ORDINARY, *vocabulary.spoken, *map(str.lower, kept), *true}
    pairs: dict[str, str] = {}
    for word in vocabulary.words:
        singular = word.partition("/")[0]
        if not {singular, singular.lower()}.isdisjoint(pairs):
            continue  # the plural of another word, or a word that differs only in capitals
        # A generator per word: another word in the vocabulary rarely changes the aliases of the rest.
        alias = _alias(word.lower(), taken, generator(seed, f"disguise {singular}"))
        taken |= {alias, _plural(word, alias)}
        for spelt, renamed in zip(spellings(word), _respelt(word, alias), strict=True):
            if spelt not in kept and spelt not in pairs:
                pairs |= {spelt: renamed, renamed: spelt}
    return Disguise(pairs)


def _alias(word: str, taken: set[str], rng: Generator) -> str:
    """A new alias of the word's length, longer only if `TRIES` draws were all taken."""
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
    """The alias of the plural of `word`. It is longer than `alias` by as many letters as the plural is longer than the
    word."""
    singular, _, plural = word.partition("/")
    more = len(plural or f"{singular}s") - len(singular)
    return f"{(alias + 'u' * more)[: len(alias) + more - 1]}s"


def _respelt(word: str, alias: str) -> tuple[str, ...]:
    """The alias of each spelling of `word`, in the order of `spellings(word)`."""
    singular = word.partition("/")[0]
    own = spellings(word)
    if len(own) == 1:
        return (alias.upper() if singular.isupper() else alias.capitalize() if singular[0].isupper() else alias,)
    forms = [alias, _plural(word, alias)][: len(own) // 3]
    return tuple(spelt for form in forms for spelt in (form, form.capitalize(), form.upper()))
