"""The seat of one tenure: its program, started anew whenever it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from agents.process.program import Left, Program
from agents.process.protocol import NoReply, read_reply, request_line, turn_of
from relay.errors import MachineFault
from relay.researcher.observation import Answer, Message, TenureView

__all__ = ["Seat"]


class Seat:
    """A program for one tenure. Its state is the running program, and how much of the prompt that one was sent."""

    def __init__(self, command: Sequence[str], timeout: float) -> None:
        self._command, self._timeout = command, timeout
        self._program: Program | None = None
        self._sent: tuple[Message, ...] = ()
        """The prompt that the running program was sent last; empty if it was sent none."""

    async def start(self) -> None:
        """Start the program. Raises `UsageError` if that fails."""
        self._program, self._sent = Program(self._command), ()
        await self._program.connect()

    async def leave(self) -> None:
        """Let the program leave, or end it."""
        if self._program is not None:
            program, self._program = self._program, None
            await program.stop()

    async def ask(self, view: TenureView, messages: tuple[Message, ...], most: int) -> Answer:
        """The program's answer to a prompt, of at most `most` tokens.

        Raises `ModelFault`, or `MachineFault` if the program dies or is silent for too long. A program that can't be
        relied on any more is ended, and the next request starts another.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._answer(view, messages, most)
        except TimeoutError:
            self._drop()
            raise MachineFault(f"the program gave no answer in {self._timeout:g} seconds", kind="timeout") from None
        except (Left, NoReply):
            self._drop()
            raise

    async def _answer(self, view: TenureView, messages: tuple[Message, ...], most: int) -> Answer:
        # A program may answer once and leave. Whether it has left by now is chance, so the request tells.
        fresh = self._program is None or not self._sent
        try:
            return await self._exchange(view, messages, most)
        except Left as left:
            if fresh or left.status != 0:
                raise
            self._drop()
        return await self._exchange(view, messages, most)

    async def _exchange(self, view: TenureView, messages: tuple[Message, ...], most: int) -> Answer:
        if self._program is None:
            await self.start()
        assert self._program is not None
        known, self._sent = _known(self._sent, messages), messages
        await self._program.send(request_line(view, messages, known, most))
        while (answer := read_reply(await self._program.line(), turn_of(view))) is None:
            pass  # late: the reply to an earlier turn
        return answer

    def _drop(self) -> None:
        if self._program is not None:
            program, self._program = self._program, None
            program.kill()


def _known(sent: tuple[Message, ...], messages: tuple[Message, ...]) -> int:
    """Number of the first messages of a prompt that are in a prompt sent before. The end of the last message sent
    tells the budget, and is not in later prompts."""
    for place, (before, now) in enumerate(zip(sent, messages, strict=False)):
        whole = place < len(sent) - 1
        if before.role != now.role or not (before == now if whole else before.content.startswith(now.content)):
            return place
    return min(len(sent), len(messages))
