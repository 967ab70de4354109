"""Finds the whole actions in JSON text that was cut off.

Half an action is never completed: what is kept ends with the last `}` of an action, and only the brackets around it are
closed.
"""

from __future__ import annotations

import re

from relay.researcher.json_repair import STRING, list_start

__all__ = ["closed"]

_MARK = re.compile(r"""[][{}"']""")


def closed(text: str) -> str | None:
    """`text` up to the end of its last whole action, with the brackets around it closed. None if no action is whole."""
    start = list_start(text)
    if start is None:
        return None
    opened: list[str] = []
    end, closing = 0, ""
    at = start
    while (mark := _MARK.search(text, at)) is not None:
        at = mark.end()
        match mark[0]:
            case "{" | "[":
                opened.append(mark[0])
            case "}" | "]":
                if not opened or {"{": "}", "[": "]"}[opened.pop()] != mark[0]:
                    break
                if mark[0] == "}" and opened in (["["], ["{", "["]):
                    end, closing = at, "]" if opened == ["["] else "]}"
            case _:
                string = STRING.match(text, mark.start())
                if string is None:  # it is cut off within this string
                    break
                at = string.end()
        if not opened:  # the answer is whole
            break
    return text[start:end] + closing if end else None
