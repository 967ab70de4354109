"""`sentence_transformers/NAME`: embeddings of texts by a model on this machine (Reimers and Gurevych 2019).

`NAME` is a name on the Hugging Face hub or a directory. It gives embeddings only: no researcher can be such a model.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pydantic import PrivateAttr

from relay.errors import UsageError
from relay.researcher.model import Completion, Model, Request, one_line

__all__ = ["SentenceTransformers"]


class SentenceTransformers(Model):
    """Embeddings of texts, computed on this machine."""

    name: str
    """The model's name on the Hugging Face hub, or its directory."""
    revision: str = ""
    """The revision on the hub; empty: the latest."""

    _encoder: Any = PrivateAttr(default=None)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Hold the weights in memory. Raises `UsageError` if the extra is missing or there is no such model."""
        encoder = _imported().SentenceTransformer
        try:
            self._encoder = await asyncio.to_thread(encoder, self.name, revision=self.revision or None)
        except (OSError, ValueError) as error:
            raise UsageError(f"sentence_transformers/{self.name} can't be loaded: {one_line(error)}") from error
        try:
            yield
        finally:
            self._encoder = None

    async def embed(self, texts: tuple[str, ...]) -> Sequence[Sequence[float]]:
        """The embeddings of texts."""
        if self._encoder is None:
            raise UsageError(f"sentence_transformers/{self.name} is not served; embed inside `served()`")
        found = await asyncio.to_thread(self._encoder.encode, list(texts), show_progress_bar=False)
        return [[float(value) for value in vector] for vector in found]

    async def complete(self, request: Request) -> Completion:
        """Raises `UsageError`."""
        raise UsageError(f"sentence_transformers/{self.name} gives embeddings only; name another model")


def _imported() -> Any:
    try:
        import sentence_transformers  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError(
            "sentence_transformers/... needs the extra `embeddings`: pip install 'relay-instrument[embeddings]'"
        ) from None
    return sentence_transformers
