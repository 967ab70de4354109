"""BM25 (Robertson and Zaragoza 2009, in the form of Lucene), by the package bm25s."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["bm25"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+")


def bm25(texts: Sequence[str], query: str) -> list[float]:
    """The score of each text for the words of a query, 0 for a text that has none of them."""
    words, asked = [_words(text) for text in texts], _words(query)
    if not asked or not any(words):
        return [0.0] * len(texts)
    # Where numba is installed, this imports it too, which takes longer than the rest of relay: only a search pays.
    import bm25s  # noqa: PLC0415

    index = bm25s.BM25(method="lucene", backend="numpy")
    index.index(words, show_progress=False)
    return [float(score) for score in index.get_scores(asked)]


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
