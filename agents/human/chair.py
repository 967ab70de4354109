"""The single chair at the terminal: who sits in it, what that person has seen, and how it changes hands."""

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
from relay.researcher.prompting import SUMMARISE, last_turn, opening, render_replies, told_gone

__all__ = ["Chair"]

TIME_UP = "Time is up. Lines that were not sent are lost."
BEGIN = "Press Enter to begin; the clock starts then. "


class Chair:
    """A seat for one person at a time. Its state is what has been on the screen during the present tenure."""

    def __init__(self, lines: Lines, screen: Screen) -> None:
        self._lines, self._screen = lines, screen
        self._free = asyncio.Lock()
        self._first = True
        self._shown = -1
        """Number of turns of the present tenure whose replies were shown; -1 before the observation is shown."""
        self._late = False
        """Whether the previous person's time ran out."""

    @classmethod
    def at_standard_input(cls) -> Chair:
        """A chair at standard input and output. Raises `UsageError` if standard input can't be read."""
        screen = Screen()
        try:
            descriptor = sys.stdin.fileno()
        except (AttributeError, OSError, ValueError):
            raise UsageError(
                "the agent `human` reads standard input, but there is none; run it in a terminal, or write to its input"
            ) from None
        seen = sys.stdin.isatty() and screen.is_terminal
        return cls(Keyboard(screen) if seen else Pipe(descriptor, screen), screen)

    @asynccontextmanager
    async def taken(self, view: TenureView, disguise: Disguise) -> AsyncIterator[None]:
        """Hold the chair for one tenure, from before its clock starts. The screen is cleared of the previous tenure."""
        # one tenure at a time: those that live side by side wait here for each other
        async with self._free:
            self._screen.disguise = disguise
            said = sitting_down(view, self._first)
            self._clear()
            self._screen.part("The chair", f"{TIME_UP}\n\n{said}" if self._late else said)
            self._late, self._shown = False, -1
            self._lines.forget()
            try:
                while (await self._lines.line(lambda: [("bold", BEGIN)])).strip():
                    pass  # discard the rest of a line that the previous person was typing
            except EOFError:
                raise UsageError(
                    "standard input ended before anybody took the chair; nothing is lost: continue with `relay resume`"
                ) from None
            self._clear()
            self._first = False
            yield

    def _clear(self) -> None:
        """Clear the screen. Before the first person it is cleared only if words are in disguise: otherwise the
        terminal's history is no secret."""
        if not self._first or self._screen.disguise.pairs:
            self._screen.clear()

    async def answer(self, view: TenureView) -> str:
        """The next answer as JSON, with the disguise removed."""
        clock = Clock(view.remaining.seconds)
        self._show(view)
        warning = asyncio.create_task(clock.warn(self._lines.tell))
        try:
            return await Dialogue(view, clock, self._lines, self._screen).answer()
        except asyncio.CancelledError:
            # the engine cancels the answer when the time is over, but also when the trial is interrupted
            if clock.up:
                self._late = True
                self._screen.say(TIME_UP, "bold")
            raise
        finally:
            warning.cancel()

    def _show(self, view: TenureView) -> None:
        """Show everything new since the last answer, or everything if this process has not shown the tenure yet."""
        screen, observation = self._screen, view.observation
        if self._shown < 0:
            screen.part("The task", page(observation))
            for message in observation.inheritance.messages:
                screen.part(f"Kept from before you ({message.role})", message.content)
            screen.part("The notes", opening(observation))
            if view.gone.turns:
                screen.say(told_gone(view.gone))
            for turn in view.turns[:-1]:
                screen.part("You sent", as_typed(turn.answer))
                screen.part("The replies", render_replies(turn.replies))
            if view.turns:
                screen.part("You sent", as_typed(view.turns[-1].answer))
        if view.turns:
            screen.part("The replies", render_replies(view.turns[-1].replies))
        self._shown = view.turn - 1
        screen.part("Your turn", still_left(view))
        if view.summary:
            screen.say(SUMMARISE, "bold")
        if view.last:
            screen.say(last_turn(observation), "bold")
