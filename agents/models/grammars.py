"""Grammars for a model behind an endpoint: how a server takes one, and whether it does.

A server that knows nothing of grammars may pass over the field that it does not know, and answer freely. So it is tried
once, with a grammar of relay's dialect that allows a single word, before anything is asked in earnest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from agents.models.model import Completion, Request
from relay.errors import MachineFault, ModelFault, UsageError
from relay.notation.decoding.rules import Grammar, Reference
from relay.records.record import Record
from relay.researcher.observation import Message

__all__ = ["SERVERS", "WORD", "Server", "refused", "smallest_grammar", "try_grammar"]

WORD = "relay"
"""All that the smallest grammar allows."""
ROOM = 1024
"""Tokens for that word, and for what a reasoning model thinks before it."""
LEAVE = "or leave --grammar out"


class Server(Record):
    """A kind of server that takes grammars in llguidance's dialect of Lark."""

    field: tuple[str, ...]
    """Where in the body of a request the grammar stands: names of objects inside each other."""
    mend: str
    """What a user can do about a server that does not take them."""

    def placed(self, body: dict[str, Any], grammar: str) -> dict[str, Any]:
        """Further fields of a request, and the grammar among them."""
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
"""Name -> server, as `-M grammars=...` has it."""


async def try_grammar(model: str, server: Server, complete: Callable[[Request], Awaitable[Completion]]) -> None:
    """Ask a model for the one word that the smallest grammar allows; `UsageError` when something else comes."""
    question = Message(role="user", content="Say hello.")
    try:
        said = await complete(Request(messages=(question,), max_tokens=ROOM, seed=0, grammar=smallest_grammar()))
    except (MachineFault, ModelFault) as fault:
        told = _short(str(fault))
        raise UsageError(f"{model} could not be tried with a grammar ({told}); run this again, {LEAVE}") from fault
    if said.text.strip() == WORD:
        return
    if said.reasoning and not said.text:
        raise UsageError(
            f"{model} was tried with a grammar, and thought for {ROOM} tokens without an answer; switch its "
            f"thinking off at its server, {LEAVE}"
        )
    raise UsageError(
        f"the server of {model} passes over grammars: it said `{_short(said.text)}` where the grammar allows `{WORD}` "
        f"alone; {server.mend}, {LEAVE}"
    )


def refused(model: str, server: Server, status: int, message: str) -> UsageError:
    """What a user is told of a server that takes no grammar, or not this one."""
    told = _short(message.removeprefix(f"Error code: {status} - "))
    return UsageError(
        f"the server of {model} does not take relay's grammar (status {status}: {told}); {server.mend}, {LEAVE}"
    )


def smallest_grammar() -> str:
    """It has marks, as the grammar of an answer has them: who takes this takes that. (A rule that was another one's
    whole alternative would lose them.)"""
    grammar = Grammar()
    grammar.add("answer", WORD[:2], Reference("rest", setting=1))
    grammar.add("rest", WORD[2:], needs=1)
    return grammar.text("answer")


def _short(text: str) -> str:
    """What a server says, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:160]}..."
