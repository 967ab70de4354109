"""Values cached for an object are removed with it, and are never returned for another object."""

from __future__ import annotations

import gc

from relay.records.record import Record
from relay.researcher.identity_cache import IdentityCache


class Word(Record):
    """An object that can't be hashed."""

    letters: dict[str, int]


def test_it_is_worked_out_once_for_each_object() -> None:
    made: list[str] = []
    kept: IdentityCache[str] = IdentityCache()

    def value(word: Word, about: str) -> str:
        def make() -> str:
            made.append(about)
            return f"{word.letters} {about}"

        return kept.of(word, make, about)

    word = Word(letters={"a": 1})
    assert [value(word, about) for about in "xxy"] == ["{'a': 1} x", "{'a': 1} x", "{'a': 1} y"]
    assert made == ["x", "y"]
    changed = word.model_copy(update={"letters": {"b": 2}})
    assert value(changed, "x") == "{'b': 2} x"
    for number in range(100):  # places in memory are used again
        assert value(Word(letters={"n": number}), "x") == f"{{'n': {number}}} x"
    del word, changed
    gc.collect()
    assert not kept._values
