"""Lines typed at a terminal, with an editor and a running clock in the prompt."""

from __future__ import annotations

import signal
import sys
import termios

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import create_input
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output

from agents.human.lines import Prompt
from agents.human.screen import Screen

__all__ = ["Keyboard"]

TICK = 0.5
"""Seconds between two updates of the clock."""


class Keyboard:
    """Input from standard input, and prompts on standard error, both terminals. Standard output is for results."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._input = create_input(sys.stdin)
        self._output = create_output(sys.stderr)
        self._session = self._fresh()

    async def line(self, prompt: Prompt) -> str:
        """The next line. A paste of several lines counts as one."""
        traded = self._screen.traded
        typed = await self._session.prompt_async(
            lambda: FormattedText([(style, traded(words)) for style, words in prompt()]),
            refresh_interval=TICK,
            handle_sigint=False,
        )
        return traded(typed)

    def forget(self) -> None:
        """Drop the history of lines, and anything typed in advance."""
        self._session = self._fresh()
        clear_typeahead(self._input)
        # keys that the terminal holds but no program has read yet
        termios.tcflush(self._input.fileno(), termios.TCIFLUSH)

    def tell(self, text: str) -> None:
        """Show a line above the one that is being typed."""
        run_in_terminal(lambda: self._screen.say(text))

    def _fresh(self) -> PromptSession[str]:
        # by itself prompt_toolkit would make Ctrl-C an exception of the prompt; the trial handles the signal instead
        keys = KeyBindings()

        @keys.add("c-c")
        def stop(event: KeyPressEvent) -> None:
            """Stop the trial, as Ctrl-C does outside of the editor."""
            signal.raise_signal(signal.SIGINT)

        return PromptSession(input=self._input, output=self._output, key_bindings=keys)
