"""Lines from a pipe, a file, or a terminal whose output goes elsewhere."""

from __future__ import annotations

import asyncio
import os

from agents.human.lines import Prompt
from agents.human.screen import Screen

__all__ = ["Pipe"]

AT_ONCE = 1 << 16
"""Bytes read at once."""


class Pipe:
    """Reads a descriptor when the event loop reports input, so that no thread is left waiting at the end."""

    def __init__(self, descriptor: int, screen: Screen) -> None:
        self._descriptor, self._screen = descriptor, screen
        self._read = b""

    async def line(self, prompt: Prompt) -> str:
        """The next line. It is shown after its prompt, so that the output reads as if it had been typed."""
        # at the end of the input `more` is empty, and the last line may lack its newline
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
        """Do nothing: lines written in advance are meant for the next person."""

    def tell(self, text: str) -> None:
        """Show a line."""
        self._screen.say(text)

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:  # a regular file, which can always be read
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
