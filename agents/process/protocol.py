"""The protocol of programs: a request and its reply, each a JSON object in one line. Both are pure functions.

A request holds the prompt and what the prompt's reader may know beside it. It has no seed, no path, and no number of a
generation or a tenure: a control must not be recognised by them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from relay.errors import ModelFault
from relay.researcher.model import tokens
from relay.researcher.observation import Answer, Message, TenureView
from relay.text import excerpt

__all__ = ["PROTOCOL", "NoReply", "read_reply", "request_line", "turn_of"]

PROTOCOL = 1
"""Version of the protocol. It changes when a program written for it would have to change."""

FORMS = '{"text": "..."}, {"actions": [...]} or {"fault": "..."}'
"""The forms of a reply, for messages."""

SHOWN = 120
"""Most characters of an unusable line that a fault quotes."""


class NoReply(ModelFault):
    """A line that is not a reply. The program that wrote it is not asked again, since its next line could belong to
    this request."""


def turn_of(view: TenureView) -> int:
    """The number of the turn that a view is shown for, from 1."""
    return view.turn


def request_line(view: TenureView, messages: Sequence[Message], new: int, most: int) -> bytes:
    """The request for the next answer. `messages` is the whole prompt, of which the first `new` messages were sent to
    this program before; `most` is the largest number of tokens of the answer."""
    left = view.remaining.turns if view.turns_left is None else view.turns_left
    request = {
        "type": "turn",
        "protocol": PROTOCOL,
        "turn": turn_of(view),
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "new": new,
        "max_tokens": most,
        "last": view.last,
        "turns_left": left,
        "schema": None if view.summary else view.observation.answers,
    }
    # in ASCII, so that no letter in it is taken for the end of a line
    return json.dumps(request).encode() + b"\n"


def read_reply(line: bytes, turn: int) -> Answer | None:
    """The answer in a program's line; None if it replies to an earlier turn, and is late.

    Raises `ModelFault` if the program reports one, and `NoReply` if the line is none of these.
    """
    text = line.decode("utf-8", "replace").strip()
    try:
        reply = json.loads(text)
    except (ValueError, RecursionError):
        reply = None
    if not isinstance(reply, dict):
        raise _no_reply(text, "no JSON object", "print nothing but replies to standard output")
    told = reply.get("turn", turn)
    if not isinstance(told, int) or told > turn:
        raise _no_reply(text, f"a reply to another turn than {turn}", 'leave "turn" out, or repeat that of the request')
    if told < turn:
        return None
    if isinstance(fault := reply.get("fault"), str):
        raise ModelFault(fault or "the program gave no answer")
    if (said := _said(reply)) is None:
        raise _no_reply(text, "an object without an answer", f"write {FORMS}")
    reasoning = reply.get("reasoning")
    return Answer(
        text=said,
        reasoning=reasoning if isinstance(reasoning, str) else "",
        tokens_in=tokens(reply.get("tokens_in")),
        tokens_out=tokens(reply.get("tokens_out")),
        tokens_cached=tokens(reply.get("tokens_cached")) or 0,
        finish_reason="length" if reply.get("finish_reason") == "length" else "stop",
    )


def _said(reply: dict[str, Any]) -> str | None:
    """The text of an answer: that of the reply, or its actions as they stand."""
    if isinstance(text := reply.get("text"), str):
        return text
    return json.dumps({"actions": reply["actions"]}, ensure_ascii=False) if "actions" in reply else None


def _no_reply(line: str, what: str, fix: str) -> NoReply:
    return NoReply(f"the program wrote {what}: `{excerpt(line, SHOWN)}`; {fix}")
