"""Grammars for a model behind an endpoint: how a server takes one, and a test whether it does.

A server without support for grammars may ignore the unknown field and answer freely. So before the first real request
the server is tested once, with a grammar in relay's dialect that allows a single word.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from relay.errors import MachineFault, ModelFault, UsageError
from relay.notation.decoding.rules import Grammar, Reference
from relay.records.record import Record
from relay.researcher.model import Completion, Request
from relay.researcher.observation import Message

__all__ = ["SERVERS", "WORD", "Server", "refused", "smallest_grammar", "try_grammar"]

WORD = "relay"
"""The only text that the smallest grammar allows."""
ROOM = 1024
"""Tokens for that word, and for the reasoning that some models produce before it."""
LEAVE = "or leave --grammar out"


class Server(Record):
    """A kind of server that takes grammars in llguidance's dialect of Lark."""

    field: tuple[str, ...]
    """Path of the grammar's field in the body of a request, as names of nested objects."""
    mend: str
    """Advice to the user if the server does not take grammars."""

    def placed(self, body: dict[str, Any], grammar: str) -> dict[str, Any]:
        """The fields of a request body with the grammar added."""
        value: Any = grammar
        for name in reversed(self.field):
            value = {name: value}
        return {**body, **value}


SERVERS = {
    "vllm": Server(
        field=("structured_outputs", "grammar"),
        mend="start vLLM's server, 0.12 or later, with --structured-outputs-config.backend guidance",
    )
}
"""Value of `-M grammars=...` -> server."""


async def try_grammar(model: str, server: Server, complete: Callable[[Request], Awaitable[Completion]]) -> None:
    """Request the one word that the smallest grammar allows. Raises `UsageError` if the answer is anything else."""
    question = Message(role="user", content="Say hello.")
    try:
        said = await complete(Request(messages=(question,), max_tokens=ROOM, seed=0, grammar=smallest_grammar()))
    except (MachineFault, ModelFault) as fault:
        told = _short(str(fault))
        raise UsageError(f"{model} could not be tested with a grammar ({told}); run this again, {LEAVE}") from fault
    if said.text.strip() == WORD:
        return
    # a grammar may apply only after the reasoning, so nothing is known yet
    if said.reasoning and not said.text:
        raise UsageError(
            f"{model} was tested with a grammar, and reasoned for {ROOM} tokens without an answer; switch off "
            f"reasoning at its server, {LEAVE}"
        )
    raise UsageError(
        f"the server of {model} ignores grammars: it answered `{_short(said.text)}` although the grammar allows only "
        f"`{WORD}`; {server.mend}, {LEAVE}"
    )


def refused(model: str, server: Server, status: int, message: str) -> UsageError:
    """The error for a server that rejects grammars, or this grammar."""
    told = _short(message.removeprefix(f"Error code: {status} - "))
    return UsageError(
        f"the server of {model} does not take relay's grammar (status {status}: {told}); {server.mend}, {LEAVE}"
    )


def smallest_grammar() -> str:
    """A grammar that allows `WORD` alone.

    Its rules carry marks, as the rules for an answer do, so a server that takes one grammar takes the other. It has two
    rules with text, since a rule that consists of a single reference would lose its marks.
    """
    grammar = Grammar()
    grammar.add("answer", WORD[:2], Reference("rest", setting=1))
    grammar.add("rest", WORD[2:], needs=1)
    return grammar.text("answer")


def _short(text: str) -> str:
    """A server's message in one line, cut at 160 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:160]}..."
