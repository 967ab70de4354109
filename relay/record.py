"""The base of everything that is data: frozen, strict pydantic records."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen, typed record that refuses unknown keys and serialises to JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")
