"""Finds the whole actions in JSON text that was cut off.

Half an action is never completed: what is kept ends with the last `}` of an action, and only the brackets around it are
closed.
"""

from __future__ import annotations

import re

from relay.researcher.json_repair import STRING, list_start

__all__ = ["breaks_off", "closed"]

_MARK = re.compile(r"""[][{}"']""")


def closed(text: str) -> str | None:
    """`text` up to the end of its last whole action, with the brackets around it closed. None if no action is whole."""
    return _scanned(text)[0]


def breaks_off(text: str) -> bool:
    """Whether `text` ends within its JSON: a bracket or a string is still open."""
    return _scanned(text)[1]


def _scanned(text: str) -> tuple[str | None, bool]:
    """The results of `closed` and `breaks_off`."""
    start = list_start(text)
    if start is None:
        return None, False
    opened: list[str] = []
    end, closing, broken = 0, "", False
    at = start
    while (mark := _MARK.search(text, at)) is not None:
        at = mark.end()
        match mark[0]:
            case "{" | "[":
                opened.append(mark[0])
            case "}" | "]":
                if not opened or {"{": "}", "[": "]"}[opened.pop()] != mark[0]:
                    broken = False
                    break
                if mark[0] == "}" and opened in (["["], ["{", "["]):
                    end, closing = at, "]" if opened == ["["] else "]}"
            case _:
                string = STRING.match(text, mark.start())
                if string is None:  # it is cut off within this string
                    break
                at = string.end()
        broken = bool(opened)
        if not opened:  # the answer is whole
            break
    return text[start:end] + closing if end else None, broken
