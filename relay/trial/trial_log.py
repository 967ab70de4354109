"""The log of a trial, open for appending whole blocks."""

from __future__ import annotations

from collections.abc import Sequence

from relay.records.events import AnyEvent
from relay.records.files import Appender
from relay.records.head import Head
from relay.records.log import encode
from relay.records.reader import Ending
from relay.records.trial_files import TrialFiles

__all__ = ["TrialLog"]


class TrialLog:
    """`events.jsonl` and `head.json` of the trial that this process runs."""

    def __init__(self, files: TrialFiles, head: Head, ending: Ending) -> None:
        """The log after `ending`. Nothing is written before the first block is appended."""
        self._files, self._head, self._ending = files, head, ending
        self.chain = ending.chain
        """Digest of the last line."""
        self._appender: Appender | None = None

    def append(self, block: Sequence[AnyEvent]) -> None:
        """Append a complete block. When this returns, it is on the disk and counted in the head.

        Before the first one, whatever stands after the ending is cut off: an unfinished block, and a block that says
        only that the trial was interrupted.
        """
        if self._appender is None:
            # The head goes first: if the process is killed in between, the log has one block more than its head
            # counts, never one less.
            if self._head.blocks != self._ending.standing:
                self._count(self._ending.standing)
            self._appender = Appender(self._files.events, size=self._ending.size)
        data, self.chain = encode(block, self.chain)
        self._appender.append(data, sync=True)
        self._count(self._head.blocks + 1)

    def close(self) -> None:
        """Close the log."""
        if self._appender is not None:
            self._appender.close()

    def _count(self, blocks: int) -> None:
        self._head = self._head.model_copy(update={"blocks": blocks, "chain": self.chain})
        self._head.write(self._files.head)
