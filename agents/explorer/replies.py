"""The replies to a researcher's statements, read back from its view."""

from __future__ import annotations

import json
from dataclasses import dataclass

from relay.records.status import ACCEPTED, REFUSED
from relay.researcher.observation import Reply, TenureView


@dataclass(frozen=True, slots=True)
class StatementReply:
    """A statement that was not refused, and what its reply reported."""

    source: str
    remark: str
    accepted: bool
    """Whether the statement is a claim that was reported to be true."""


def tell(view: TenureView) -> list[StatementReply]:
    """Return the statements that were not refused, in order, but those that were reported to explain a phenomenon
    first."""
    told: list[tuple[bool, StatementReply]] = []
    for turn in view.turns:
        actions = json.loads(turn.answer)["actions"]
        sources = [action["source"] for action in actions if action.get("action") == "state"]
        replies = [reply for reply in turn.replies if reply.action == "state"]
        for source, reply in zip(sources, replies, strict=False):
            status = reply.data.get("status")
            if reply.ok and status not in REFUSED:
                explains = bool(reply.data.get("explained"))
                told.append((not explains, StatementReply(source, _remark(reply), status in ACCEPTED)))
    return [each for _, each in sorted(told, key=lambda pair: pair[0])]


def _remark(reply: Reply) -> str:
    explained = reply.data.get("explained")
    return "explains " + ", ".join(str(number) for number in explained) if explained else ""
