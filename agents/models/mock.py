"""`mock/...`: stand-ins for language models, for tests and examples. They implement the full interface of a model.

`mock/script` answers from a list, the same in every tenure. `mock/explorer` is the embedded explorer behind text: it
reads a prompt as any model does, and writes an answer. `mock/path/to/file.py:name` is a Python function from a
`Request` to a text or a `Completion`. `mock/judge` is a judge of claims whose errors have known rates.
"""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, NamedTuple

from pydantic import field_validator

from agents.explorer.from_text import play
from agents.models.mock_judge import opinion_of
from relay.component_code import load_file
from relay.errors import RelayError, UsageError
from relay.records.marks import CopiedFile
from relay.records.record import later
from relay.records.spec import code_reference
from relay.researcher.model import Completion, Model, Request
from relay.researcher.tokens import count_text

__all__ = ["Mock"]

DIMENSIONS = 512
"""Components of an embedding."""
END = '{"actions": [{"action": "end"}]}'


class Mock(Model):
    """A stand-in for a language model."""

    name: Annotated[str, CopiedFile(code=True)]
    """`script`, `explorer`, `judge`, or `path/to/file.py:name`."""
    lines: tuple[str, ...] = ()
    """For `script`: one answer per turn. After the last one the tenure ends."""
    accepts_false: float = later(0.0, ge=0, le=1)
    """For `judge`: the rate at which it calls a false claim true."""
    refuses_true: float = later(0.0, ge=0, le=1)
    """For `judge`: the rate at which it calls a true claim false."""

    @field_validator("name")
    @classmethod
    def _is_one(cls, name: str) -> str:
        if name not in ("script", "explorer", "judge") and code_reference(name) is None:
            raise ValueError("expected mock/script, mock/explorer, mock/judge or mock/path/to/file.py:name")
        return name

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Raises `UsageError` if the function of a file can't be found, before a trial begins."""
        if code_reference(self.name) is not None:
            self._function  # noqa: B018 (looked up once, and kept)
        yield

    async def takes_grammars(self) -> bool:
        """True: a grammar is passed on as a part of the request, and a stand-in may use it."""
        return True

    async def complete(self, request: Request) -> Completion:
        """The answer of the stand-in, with tokens counted by `relay.researcher.tokens`."""
        said = await self._said(request)
        if isinstance(said, Completion):
            return said
        return self._counted(request, said)

    async def embed(self, texts: tuple[str, ...]) -> Sequence[Sequence[float]]:
        """Embeddings in which a word has a component of its own, almost always: texts with the same words are alike."""
        return [_embedded(text) for text in texts]

    def _counted(self, request: Request, text: str, searched: int = 0) -> Completion:
        return Completion(
            text=text,
            tokens_in=self.count_tokens(request.messages),
            tokens_out=count_text(text),
            searched=searched,
        )

    async def _said(self, request: Request) -> str | Completion:
        if self.name == "script":
            # the prompt shows how many turns have passed, so the stand-in needs no state
            turn = sum(message.role == "assistant" for message in request.messages)
            return self.lines[turn] if turn < len(self.lines) else END
        if self.name == "explorer":
            text, searched = await play(request.messages, request.max_tokens, request.seed)
            return self._counted(request, text, searched)
        if self.name == "judge":
            return opinion_of(request, self.accepts_false, self.refuses_true)
        return await _called(self._function, f"mock/{self.name}", request)

    @cached_property
    def _function(self) -> FileFunction:
        return _found(self.name)


def _embedded(text: str) -> list[float]:
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        vector[int.from_bytes(sha256(word.encode()).digest()[:4]) % DIMENSIONS] += 1.0
    return vector


class FileFunction(NamedTuple):
    """A function from a file, and the module that it is in."""

    call: Callable[[Request], Any]
    module: ModuleType


async def _called(function: FileFunction, name: str, request: Request) -> str | Completion:
    """The result of the function in a file; `name` is the model's name.

    Relay's own errors and those of a connection are passed on, since any model may raise them. Any other exception is a
    bug of the function, and becomes a `UsageError` with the line in its file.
    """
    try:
        said = function.call(request)
        if inspect.isawaitable(said):
            said = await said
    except (RelayError, ConnectionError, TimeoutError):
        raise
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
        place = _place(error, function.module)
        raise UsageError(f"{name} failed with {told[:300]} ({place}); fix the function") from error
    if not isinstance(said, str | Completion):
        raise UsageError(
            f"{name} returned {_kind(said)}; a model is a function from a Request to a text or a Completion"
        )
    return said


def _found(name: str) -> FileFunction:
    file, _, attribute = name.rpartition(":")
    if not Path(file).is_file():
        raise UsageError(f"mock/{name} names a file that does not exist: {file}; give mock/path/to/file.py:name")
    module = load_file(Path(file))
    found = getattr(module, attribute, None)
    if not callable(found):
        raise UsageError(f"mock/{name}: {file} has no function `{attribute}`; give mock/path/to/file.py:name")
    return FileFunction(found, module)


def _place(error: Exception, module: ModuleType) -> str:
    """File and line of an error: the innermost line in the function's own module; if there is none, the line that
    raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    # the first frame is this module's call of the function
    own = [frame for frame in frames[1:] if frame.filename == module.__file__]
    last = (own or frames)[-1]
    return f"{Path(last.filename).name}, line {last.lineno}"


def _kind(said: object) -> str:
    return "nothing" if said is None else f"a value of the type {type(said).__name__}"
