"""Which words betray what a task is about, so that an agent can rename them for whoever reads.

`relay.researcher.disguise` renames them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from relay.notation import RESERVED
from relay.records.record import Record
from relay.records.task import Task

TELLING = (
    # words of the notation
    "matrix/matrices", "vector", "scalar", "conj", "field", "reals", "complexes",
    # in its summary, in errors and in counterexamples
    "GF", "affine", "bilinear", "characteristic", "conjugate", "hermitian", "linear",
    "sesquilinear", "subspace", "transpose",
)  # fmt: skip
"""Each as `word`, or `word/plural` where the plural is not the word with an s. All others say nothing."""


__all__ = ["TELLING", "Vocabulary", "spellings"]

SHORTEST = 3
"""Letters of a name that may be renamed: shorter ones betray nothing, and are words such as `a` in any text."""
FENCE = "relay"
"""The mark of a fence with statements."""

_WORD = re.compile(r"[A-Za-z0-9_]+")


class Vocabulary(Record):
    """The words of a task that may be renamed, and those that no alias may be. Nothing hidden is in it."""

    words: tuple[str, ...] = ()
    """Each as `word` or `word/plural`; see `spellings`."""
    kept: tuple[str, ...] = ()
    """Words that are never renamed: those of the notation that betray nothing, and the keys and names of actions."""
    spoken: tuple[str, ...] = ()
    """All words of the brief and of the phenomena, in small letters."""

    @classmethod
    def of(cls, task: Task, answers: Mapping[str, Any]) -> Vocabulary:
        """The notation's telling words, the task's sorts and operations, and what it declares to be telling. `answers`
        is the JSON schema of an answer."""
        given = task.given
        names = [*(sort.name for sort in given.sorts), *(operation.name for operation in given.operations)]
        long = [name for name in names if len(name) >= SHORTEST]
        words = tuple(dict.fromkeys((*TELLING, *long, *task.vocabulary)))
        betraying = {spelling for word in TELLING for spelling in spellings(word)}
        texts = [task.brief, *(phenomenon.text for phenomenon in task.phenomena)]
        return cls(
            words=words,
            kept=tuple(sorted({*(RESERVED - betraying), *_keys(answers), FENCE})),
            spoken=tuple(sorted({word.lower() for text in texts for word in _WORD.findall(text)})),
        )


def spellings(word: str) -> tuple[str, ...]:
    """The spellings of a word that are renamed with it: `field`, `Field`, `FIELD`, and the same of its plural. A name
    with digits, underscores or capitals inside has one, and a word that ends in s has no plural unless it is given."""
    singular, _, plural = word.partition("/")
    if not singular.isalpha() or singular not in (singular.lower(), singular.capitalize()):
        return (singular,)
    forms = [singular.lower()]
    if plural or not singular.endswith("s"):
        forms.append(plural.lower() or f"{singular.lower()}s")
    return tuple(spelt for form in forms for spelt in (form, form.capitalize(), form.upper()))


def _keys(schema: Any) -> Iterator[str]:
    """The keys that a JSON schema asks for, and the texts that must stand there."""
    if isinstance(schema, Mapping):
        for key, value in schema.items():
            if key == "properties":
                yield from value
            elif key == "const":
                yield str(value)
            yield from _keys(value)
    elif isinstance(schema, list | tuple):
        for item in schema:
            yield from _keys(item)
