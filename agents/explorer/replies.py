"""The replies to a researcher's statements, read back from its view."""

from __future__ import annotations

from dataclasses import dataclass

from agents.explorer.answers import sources_of
from relay.records.reply_data import StatementData
from relay.records.status import ACCEPTED, REFUSED
from relay.researcher.observation import TenureView


@dataclass(frozen=True, slots=True)
class StatementReply:
    """A statement that was not refused, and what its reply reported."""

    source: str
    explained: tuple[int, ...]
    """Numbers of the phenomena that the statement was reported to explain."""
    accepted: bool
    """Whether the statement is a claim that was reported to be true."""

    @property
    def remark(self) -> str:
        """The remark for the statement's note; empty if there is nothing to say."""
        return "explains " + ", ".join(map(str, self.explained)) if self.explained else ""


def tell(view: TenureView) -> list[StatementReply]:
    """Return the statements that were not refused, in order, but those that were reported to explain a phenomenon
    first."""
    told: list[StatementReply] = []
    for turn in view.turns:
        sources = sources_of(turn.answer)
        replies = [reply for reply in turn.replies if reply.action == "state"]
        for source, reply in zip(sources, replies, strict=False):
            data = reply.data if isinstance(reply.data, StatementData) else StatementData()
            if reply.ok and data.status not in REFUSED:
                told.append(StatementReply(source, data.explained or (), data.status in ACCEPTED))
    return sorted(told, key=lambda each: not each.explained)
