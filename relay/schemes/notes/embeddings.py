"""Embeddings of texts, which come from a model outside, and how alike two of them are.

The log keeps a byte a component, and scores are computed from these bytes with whole numbers, so that they are the same
on every machine and when a trial is resumed.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relay.errors import ModelFault
from relay.records.consulted import EMBEDDING, Consulted
from relay.researcher.model import Completion, Model
from relay.researcher.tokens import count_text
from relay.schemes.outside import Outside, Question

__all__ = ["Embeddings", "packed", "similarity", "unpacked"]

TOGETHER = 32
"""Most texts of one request."""
SCALE = 127
"""The largest component of an embedding as it is kept."""


@dataclass(frozen=True)
class Embeddings:
    """The embeddings of texts, by one model for one tenure."""

    model: Model
    by: str
    """The model as `provider/name`."""
    outside: Outside

    async def of(self, texts: Sequence[str]) -> list[np.ndarray] | None:
        """An embedding for each text; None if the model fails for one. A text whose embedding the tenure has already is
        not asked for again."""
        lacking = [text for text in dict.fromkeys(texts) if self.outside.answered(self._question(text)) is None]
        made: dict[str, Completion] = {}
        for at, text in enumerate(lacking):

            async def answer(at: int = at, text: str = text) -> Completion:
                if text not in made:
                    made.update(await self._asked(lacking[at : at + TOGETHER]))
                return made[text]

            if (await self.outside.ask(self._question(text), answer)).fault:
                return None
        found = [self.outside.answered(self._question(text)) for text in texts]
        return [unpacked(said) for said in found if said is not None]

    def _question(self, text: str) -> Question:
        return Question(purpose=EMBEDDING, by=self.by, text=text)

    async def _asked(self, texts: Sequence[str]) -> dict[str, Completion]:
        vectors = await self.model.embed(tuple(texts))
        if len(vectors) != len(texts):
            raise ModelFault(f"{self.by} gave {len(vectors)} embeddings of {len(texts)} texts")
        # servers report the tokens of a whole request, and each text is an event
        return {
            text: Completion(text=packed(vector), tokens_in=count_text(text), tokens_out=0)
            for text, vector in zip(texts, vectors, strict=True)
        }


def packed(vector: Sequence[float]) -> str:
    """An embedding as text: base64 of a signed byte a component, the largest of which is `SCALE`. Raises `ModelFault`
    if it is none."""
    try:
        values = np.asarray(vector, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ModelFault("the model gave something else than an embedding") from error
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise ModelFault("the model gave an embedding without numbers")
    largest = float(np.abs(values).max()) or 1.0
    return base64.b64encode(np.rint(values / largest * SCALE).astype(np.int8).tobytes()).decode()


def unpacked(said: Consulted) -> np.ndarray:
    """The components of an embedding that the log holds, as whole numbers."""
    try:
        return np.frombuffer(base64.b64decode(said.text, validate=True), dtype=np.int8).astype(np.int64)
    except binascii.Error:
        return np.zeros(0, dtype=np.int64)


def similarity(one: np.ndarray, other: np.ndarray) -> float:
    """The cosine of the angle between two embeddings; 0 if one of them is 0, or if they are of different models."""
    if one.shape != other.shape:
        return 0.0
    lengths = int(one @ one) * int(other @ other)
    return int(one @ other) / math.sqrt(lengths) if lengths else 0.0
