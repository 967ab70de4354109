"""`mock/...`: models that are none, for tests and examples. They ship with the rest and keep its contract.

`mock/script` answers from its list, the same in every tenure; `mock/explorer` plays the embedded explorer through text:
it reads a prompt as any model does and writes an answer; `mock/path/to/file.py:name` is a Python function from a
`Request` to a text or a `Completion`.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import field_validator

from agents.explorer.through_text import play
from agents.models.model import Completion, Model, Request
from relay.components import load_file
from relay.errors import UsageError
from relay.tokens import count_text

__all__ = ["Mock"]

END = '{"actions": [{"action": "end"}]}'


class Mock(Model):
    """A stand-in for a language model."""

    name: str
    """`script`, `explorer`, or `path/to/file.py:name`."""
    lines: tuple[str, ...] = ()
    """For `script`: one answer a turn; then it ends."""

    @field_validator("name")
    @classmethod
    def _is_one(cls, name: str) -> str:
        if name not in ("script", "explorer") and ".py:" not in name:
            raise ValueError("there are mock/script, mock/explorer and mock/path/to/file.py:name")
        return name

    async def takes_grammars(self) -> bool:
        """It is handed one like any other part of a request."""
        return True

    async def complete(self, request: Request) -> Completion:
        """What the stand-in says."""
        said = await self._said(request)
        if isinstance(said, Completion):
            return said
        return Completion(text=said, tokens_in=self.count_tokens(request.messages), tokens_out=count_text(said))

    async def _said(self, request: Request) -> str | Completion:
        if self.name == "script":
            turn = sum(message.role == "assistant" for message in request.messages)
            return self.lines[turn] if turn < len(self.lines) else END
        if self.name == "explorer":
            return await play(request.messages, request.max_tokens, request.seed)
        said = _function(self.name)(request)
        return await said if inspect.isawaitable(said) else said


def _function(name: str) -> Callable[[Request], str | Completion | Awaitable[str | Completion]]:
    file, _, attribute = name.rpartition(":")
    if not Path(file).is_file():
        raise UsageError(f"mock/{name} names a file that does not exist: {file}; give mock/path/to/file.py:name")
    found = getattr(load_file(Path(file)), attribute, None)
    if not callable(found):
        raise UsageError(f"mock/{name}: {file} has no function `{attribute}`; give mock/path/to/file.py:name")
    return found  # type: ignore[no-any-return]
