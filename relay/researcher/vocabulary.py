"""The words that betray the subject of a task, so that agents can rename them for their readers.

`relay.researcher.disguise` renames them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from relay.notation import RESERVED
from relay.notation.scope import SEEN
from relay.records.record import Record
from relay.records.task import Task

TELLING = (
    # words of the notation
    "matrix/matrices", "vector", "scalar", "conj", "field", "reals", "complexes", "permutation", "subset",
    # in its summary, in errors and in counterexamples
    "GF", "affine", "bilinear", "characteristic", "coefficient", "component", "conjugate", "hermitian", "involution",
    "linear", "polynomial", "quadratic", "rational", "sesquilinear", "sqrt", "subspace", "transpose",
)  # fmt: skip
"""The telling words of relay itself, each as `word`, or as `word/plural` if the plural is not the word with an s. Other
words of relay betray nothing."""


__all__ = ["TELLING", "Vocabulary", "spellings"]

SHORTEST = 3
"""Fewest letters of a name that is renamed: shorter names betray nothing, and are ordinary words such as `a`."""
FENCE = "relay"
"""The mark of a fence with statements."""

_WORD = re.compile(r"[A-Za-z0-9_]+")


class Vocabulary(Record):
    """The words of a task that may be renamed, and the words that can't be aliases. Contains nothing hidden."""

    words: tuple[str, ...] = ()
    """Each as `word` or `word/plural`; see `spellings`."""
    kept: tuple[str, ...] = ()
    """Words that are never renamed: words of the notation that betray nothing (`seen` too), and the keys and names of
    actions."""
    spoken: tuple[str, ...] = ()
    """All words of the brief, of the phenomena, and of whatever else researchers are told in words, in lower case. They
    can't be aliases."""

    @classmethod
    def of(cls, task: Task, answers: Mapping[str, Any], said: Iterable[str] = ()) -> Vocabulary:
        """The vocabulary of a task: telling words of the notation, names of sorts and operations, and declared telling
        words.

        `answers` is the JSON schema of an answer; `said` are other texts that researchers are told.
        """
        given = task.given
        names = [*(sort.name for sort in given.sorts), *(operation.name for operation in given.operations)]
        long = [name for name in names if len(name) >= SHORTEST]
        words = tuple(dict.fromkeys((*TELLING, *long, *task.vocabulary)))
        betraying = {spelling for word in TELLING for spelling in spellings(word)}
        texts = [task.brief, *(phenomenon.text for phenomenon in task.phenomena), *said]
        return cls(
            words=words,
            kept=tuple(sorted({*(RESERVED - betraying), *_keys(answers), SEEN, FENCE})),
            spoken=tuple(sorted({word.lower() for text in texts for word in _WORD.findall(text)})),
        )


def spellings(word: str) -> tuple[str, ...]:
    """The spellings of a word that are renamed with it: `field`, `Field`, `FIELD`, and the same for its plural.

    A name with digits, underscores or inner capitals has one spelling. A word that ends in s has no plural unless it is
    given.
    """
    singular, _, plural = word.partition("/")
    if not singular.isalpha() or singular not in (singular.lower(), singular.capitalize()):
        return (singular,)
    forms = [singular.lower()]
    if plural or not singular.endswith("s"):
        forms.append(plural.lower() or f"{singular.lower()}s")
    return tuple(spelt for form in forms for spelt in (form, form.capitalize(), form.upper()))


def _keys(schema: Any) -> Iterator[str]:
    """The property names of a JSON schema, and its constant texts."""
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
