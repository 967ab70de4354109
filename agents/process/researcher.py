"""`process`: a researcher that is another program: a scaffold in any language, or a bridge to whoever answers.

It reads the prompt of a language model and may do the same. A program is started for every tenure, and has left before
the next one: what it keeps in memory reaches no successor.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, field_validator

from agents.llm.prompted import Prompted
from agents.process.seat import Seat
from relay.errors import UsageError
from relay.records.marks import COMMAND, TRANSPORT, CopiedFile
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext

__all__ = ["Process"]

FILE = "{file}"
"""Stands in a command for the copy of the program's file."""


class Process(Prompted):
    """A researcher whose answers come from another program, by lines of JSON."""

    command: Annotated[tuple[str, ...], COMMAND] = Field(min_length=1)
    """The words of the command; a single text is parted as a shell does it, and no shell is started. It is run in the
    working directory, with the environment of relay."""
    file: Annotated[str, CopiedFile("program file")] = ""
    """Path of the program's file, of which the trial gets a copy. `{file}` in the command stands for the copy."""
    timeout: Annotated[float, TRANSPORT] = Field(default=600.0, gt=0, allow_inf_nan=False)
    """Seconds for one answer."""

    _seats: dict[int, Seat] = PrivateAttr(default_factory=dict)
    """Identity of an observation -> the seat of the tenure that sees it."""

    @field_validator("command", mode="before")
    @classmethod
    def _parted(cls, command: Any) -> Any:
        return tuple(shlex.split(command)) if isinstance(command, str) else command

    @property
    def _words(self) -> tuple[str, ...]:
        return tuple(word.replace(FILE, self.file) if self.file else word for word in self.command)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Raises `UsageError` if the command or the file can't be what is meant, before anything is started."""
        if (FILE in " ".join(self.command)) != bool(self.file):
            raise UsageError(
                f"the agent `process` has {'the file ' + self.file if self.file else 'no file'}, and its command is "
                f"`{shlex.join(self.command)}`; where the file belongs in the command, write {FILE}"
            )
        if shutil.which(self._words[0]) is None:
            raise UsageError(
                f"the command of the agent `process` names the program `{self._words[0]}`, which is not there or can't "
                "be executed; give a program by its path or its name in PATH, as in "
                "process(command='python3 examples/bridge.py')"
            )
        yield

    @asynccontextmanager
    async def seated(self, view: TenureView) -> AsyncIterator[None]:
        """Run the program of one tenure."""
        seat = Seat(self._words, self.timeout)
        # all views of a tenure have the same observation, and no others have it
        place = id(view.observation)
        self._seats[place] = seat
        try:
            await seat.start()
            yield
        finally:
            del self._seats[place]
            await seat.leave()

    async def reply(self, view: TenureView, turn: TurnContext) -> Answer:
        """The program's next reply. Raises `ModelFault`, `MachineFault` or `UsageError`."""
        seat = self._seats.get(id(view.observation))
        if seat is None:
            raise UsageError("the agent `process` has no program yet; call `reply` inside `seated(view)`")
        return await seat.ask(view, self.messages(view), turn.max_tokens)
