"""The words of a note, without its fences."""

from __future__ import annotations

from relay.notation import fences

__all__ = ["plain_words"]


def plain_words(text: str) -> str:
    """What stands outside the fences of a text. The lines that open and close them are left out too."""
    kept, at = [], 0
    for fence in fences(text):
        kept.append(text[at : text.rfind("\n", 0, fence.start - 1) + 1])
        end = text.find("\n", fence.end) if fence.closed else -1
        at = len(text) if end < 0 else end + 1
    return "".join([*kept, text[at:]]).strip()
