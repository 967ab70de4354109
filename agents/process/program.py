"""A running program: lines to its standard input, lines from its standard output, and its end.

The program leads a process group of its own, so that whatever it started ends with it. It is not asyncio's subprocess,
whose end waits for every heir of the program's output. What the program writes to standard error is kept in part, and
quoted if it dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Sequence

from agents.process.protocol import NoReply
from relay.errors import MachineFault, UsageError

__all__ = ["Left", "Program"]

LONGEST = 8 << 20
"""Most bytes of a line that is read."""
TAIL = 1_000
"""Last bytes of standard error that are kept."""
GRACE = 2.0
"""Seconds that a program has to leave after its input was closed."""
FORCED = 1.0
"""Seconds that it has after it was told to leave."""
LOOK = 0.01
"""Seconds between two looks at whether it has left."""


class Left(MachineFault):
    """The program closed its output before it replied. `status` is its exit status; None if it still runs."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message, kind="exit")
        self.status = status


class Program:
    """One run of a command."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start the command. Raises `UsageError` if that fails."""
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise UsageError(
                f"`{shlex.join(command)}` can't be started: {why}; give the command of a program"
            ) from None
        self._writer: asyncio.StreamWriter | None = None
        self._reader = asyncio.StreamReader(limit=LONGEST)
        self._pipes: tuple[asyncio.BaseTransport, ...] = ()
        self._tail = b""
        self._listening: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Connect the pipes to the running loop."""
        loop = asyncio.get_running_loop()
        child, errors = self._child, asyncio.StreamReader()
        # nothing is read from the program's input: this reader only serves the writer's protocol
        unused = asyncio.StreamReader()
        sending, protocol = await loop.connect_write_pipe(_protocol(unused), child.stdin)
        receiving, _ = await loop.connect_read_pipe(_protocol(self._reader), child.stdout)
        telling, _ = await loop.connect_read_pipe(_protocol(errors), child.stderr)
        self._pipes = (sending, receiving, telling)
        self._writer = asyncio.StreamWriter(sending, protocol, unused, loop)
        self._listening = asyncio.create_task(self._listen(errors))

    async def send(self, line: bytes) -> None:
        """Write a line to the program. If it has left, `line` will say so."""
        assert self._writer is not None
        with contextlib.suppress(ConnectionError):
            self._writer.write(line)
            await self._writer.drain()

    async def line(self) -> bytes:
        """The next line that the program writes. Raises `Left` if none comes, and `NoReply` if it is too long."""
        try:
            line = await self._reader.readline()
        except ValueError:
            raise NoReply(f"the program wrote a line of more than {LONGEST:,} bytes; write shorter answers") from None
        if not line:
            raise await self._left()
        return line

    async def stop(self) -> None:
        """Close the program's input, wait until it leaves, and force it if it does not. Whatever it started and left in
        its group is ended too."""
        try:
            if self._writer is not None:
                self._writer.close()
            if not await self._gone(GRACE):
                self._signal(signal.SIGTERM)
                await self._gone(FORCED)
        finally:
            self.kill()

    def kill(self) -> None:
        """End the program and its group at once."""
        self._signal(signal.SIGKILL)
        self._child.wait()
        for pipe in self._pipes:
            if not pipe.is_closing():
                pipe.close()
        if self._listening is not None:
            self._listening.cancel()

    def _signal(self, number: int) -> None:
        # the group may be empty already, or, on some systems, hold nothing but the dead program
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, number)

    async def _gone(self, seconds: float) -> bool:
        """Whether the program ends within so many seconds."""
        latest = asyncio.get_running_loop().time() + seconds
        while self._child.poll() is None:
            if asyncio.get_running_loop().time() > latest:
                return False
            await asyncio.sleep(LOOK)
        return True

    async def _listen(self, errors: asyncio.StreamReader) -> None:
        while more := await errors.read(1 << 16):
            self._tail = (self._tail + more)[-TAIL:]

    async def _left(self) -> Left:
        """The fault of a program that closed its output, with its last words."""
        await self._gone(FORCED)
        if self._listening is not None:
            # its last words may still be on their way; an heir that keeps the pipe open is not waited for
            await asyncio.wait([self._listening], timeout=FORCED / 4)
        status = self._child.returncode
        if status is None:
            how = "closed its output"
        elif status < 0:
            how = f"was ended by signal {-status}"
        else:
            how = f"exited with status {status}"
        words = " ".join(self._tail.decode("utf-8", "replace").split())
        told = f"; its last words: {words}" if words else "; it wrote nothing to standard error"
        return Left(f"the program {how} before it replied{told}", status)


def _protocol(reader: asyncio.StreamReader) -> Callable[[], asyncio.StreamReaderProtocol]:
    return lambda: asyncio.StreamReaderProtocol(reader)
