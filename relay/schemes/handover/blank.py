"""`blank`: notes of equal length that say nothing.

What a successor is shown is as long as before, so the control tells the worth of what notes say from the effect of a
longer prompt. Their statements are gone, and can't be called. A blank note is free text to its scheme: where a scheme
treats texts otherwise than statements, fewer of them may be shown.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import Any

import numpy as np

from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.notes.note import Note

__all__ = ["Blank"]

FILLER = "blank"
"""The word that blank notes consist of."""
END = "."
"""Ends a blank text whose length no number of words has, as often as it takes."""
ENDS = 64
"""The most times. A tokenizer that joins it otherwise may leave a text a few tokens shorter than the note was."""


class Blank(HandoverStep):
    """A control: each note is replaced by filler of as many tokens."""

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """Notes with the same ids, versions and authors, and nothing of what they said."""
        blanks = _Blanks(view)
        return replace(view, notes={id: blanks.note(note) for id, note in view.notes.items()})


class _Blanks:
    """The blank texts for one view, each made once."""

    def __init__(self, view: HandoverView) -> None:
        self._count = view.count
        self._made: dict[int, str] = {}
        """Tokens -> a text that has as many."""

    def note(self, note: Note) -> Note:
        """The note with all that it says replaced."""
        said = {"rests_on": {}, "statements": (), "sure": "", "explains": (), "told": {}}
        return note.model_copy(update={"text": self._text(note.text), "data": self._data(note.data), **said})

    def _data(self, data: Any) -> Any:
        """The scheme's own fields, with filler in the place of every text. Keys and numbers stay."""
        if isinstance(data, dict):
            return {key: self._data(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self._data(value) for value in data]
        return self._text(data) if isinstance(data, str) and data else data

    def _text(self, text: str) -> str:
        tokens = self._count(text)
        if tokens not in self._made:
            self._made[tokens] = self._of(tokens)
        return self._made[tokens]

    def _of(self, tokens: int) -> str:
        """A text of at most so many tokens, and of exactly as many if the tokenizer allows it; never empty."""
        words = bisect_right(range(1, tokens + 1), tokens, key=lambda number: self._count(_words(number)))
        text = longest = _words(words) or END
        for _ in range(ENDS):
            if self._count(longest) == tokens:
                return longest
            text += END
            if self._count(text) > tokens:
                break
            longest = text
        return longest


def _words(number: int) -> str:
    return " ".join([FILLER] * number)
