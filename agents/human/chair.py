"""The one chair at the terminal: who sits in it, what that person has been shown, and how it is handed over."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents.human.clock import Clock
from agents.human.dialogue import Dialogue
from agents.human.keyboard import Keyboard
from agents.human.lines import Lines
from agents.human.page import as_typed, page, sitting_down, still_left
from agents.human.pipe import Pipe
from agents.human.screen import Screen
from relay.errors import UsageError
from relay.researcher.disguise import Disguise
from relay.researcher.observation import TenureView
from relay.researcher.prompting import last_turn, opening, render_replies

__all__ = ["Chair"]

TIME_UP = "Time is up. What was not sent is lost."
BEGIN = "Press Enter to begin; the clock starts then. "


class Chair:
    """One person at a time. What it knows of a tenure is what has been on the screen."""

    def __init__(self, lines: Lines, screen: Screen) -> None:
        self._lines, self._screen = lines, screen
        self._free = asyncio.Lock()
        self._first = True
        self._shown = -1
        """Turns of the present tenure whose replies were shown; -1 before its observation was."""
        self._late = False
        """Whether the last person's time ran out."""

    @classmethod
    def at_standard_input(cls) -> Chair:
        """The chair where the user is; `UsageError` when nothing can be read there."""
        screen = Screen()
        try:
            descriptor = sys.stdin.fileno()
        except (AttributeError, OSError, ValueError):
            raise UsageError(
                "the agent `human` reads standard input, and there is none; run it in a terminal, or write to it"
            ) from None
        seen = sys.stdin.isatty() and screen.is_terminal
        return cls(Keyboard(screen) if seen else Pipe(descriptor, screen), screen)

    @asynccontextmanager
    async def taken(self, view: TenureView, disguise: Disguise) -> AsyncIterator[None]:
        """For one tenure, from before its clock starts. Nothing of the tenure before can be seen any more."""
        async with self._free:
            self._screen.disguise = disguise
            said = sitting_down(view, self._first)
            self._clear()
            self._screen.part("The chair", f"{TIME_UP}\n\n{said}" if self._late else said)
            self._late, self._shown = False, -1
            self._lines.forget()
            try:
                while (await self._lines.line(lambda: [("bold", BEGIN)])).strip():
                    pass  # the end of what the last person was at
            except EOFError:
                raise UsageError(
                    "standard input has ended and nobody is in the chair; nothing is lost: `relay resume` goes on"
                ) from None
            self._clear()
            self._first = False
            yield

    def _clear(self) -> None:
        """The first person may as well read what stood on the screen before, unless it names what is in disguise."""
        if not self._first or self._screen.disguise.pairs:
            self._screen.clear()

    async def answer(self, view: TenureView) -> str:
        """The JSON of the next answer, in true words."""
        clock = Clock(view.remaining.seconds)
        self._show(view)
        warning = asyncio.create_task(clock.warn(self._lines.tell))
        try:
            return await Dialogue(view, clock, self._lines, self._screen).answer()
        except asyncio.CancelledError:
            if clock.up:
                self._late = True
                self._screen.say(TIME_UP, "bold")
            raise
        finally:
            warning.cancel()

    def _show(self, view: TenureView) -> None:
        """What is new since the last answer; all that there was, where the tenure was interrupted."""
        screen, observation = self._screen, view.observation
        if self._shown < 0:
            screen.part("The task", page(observation))
            for message in observation.inheritance.messages:
                screen.part(f"Kept from before you ({message.role})", message.content)
            screen.part("The notes", opening(observation))
            for turn in view.turns[:-1]:
                screen.part("You sent", as_typed(turn.answer))
                screen.part("The replies", render_replies([reply.text for reply in turn.replies]))
            if view.turns:
                screen.part("You sent", as_typed(view.turns[-1].answer))
        if view.turns:
            screen.part("The replies", render_replies([reply.text for reply in view.turns[-1].replies]))
        self._shown = len(view.turns)
        screen.part("Your turn", still_left(view))
        if view.last:
            screen.say(last_turn(observation), "bold")
