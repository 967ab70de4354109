"""How many of something, in words: `1 turn`, `8 turns`."""

from __future__ import annotations

__all__ = ["quantity"]


def quantity(number: float, noun: str, form: str = "") -> str:
    """A number with its noun, which takes an s beside any number but 1; `form` is a format of the number, as `,`."""
    return f"{number:{form}} {noun}{'s' * (number != 1)}"
