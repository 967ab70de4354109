"""Lines of a pipe, of a file, or of a terminal whose screen is elsewhere."""

from __future__ import annotations

import asyncio
import os

from agents.human.lines import Prompt
from agents.human.screen import Screen

__all__ = ["Pipe"]

AT_ONCE = 1 << 16
"""Bytes that are read at once."""


class Pipe:
    """Reads a descriptor when the event loop says that there is something, so that no thread is left waiting."""

    def __init__(self, descriptor: int, screen: Screen) -> None:
        self._descriptor, self._screen = descriptor, screen
        self._read = b""

    async def line(self, prompt: Prompt) -> str:
        """The next line; it is shown behind its prompt, so that what is on the screen reads as if it had been typed."""
        more = b"..."
        while more and b"\n" not in self._read:
            await self._readable()
            more = os.read(self._descriptor, AT_ONCE)
            self._read += more
        if not self._read:
            raise EOFError
        line, _, self._read = self._read.partition(b"\n")
        text = self._screen.traded(line.decode("utf-8", "replace").rstrip("\r"))
        self._screen.say("".join(words for _, words in prompt()) + text)
        return text

    def forget(self) -> None:
        """Lines that were written ahead are for whoever comes next."""

    def tell(self, text: str) -> None:
        """Show a line."""
        self._screen.say(text)

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:  # a file: there is nothing to wait for
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
