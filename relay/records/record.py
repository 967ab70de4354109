"""The base of all data: frozen, strict pydantic records."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Record", "later"]


class Record(BaseModel):
    """A frozen, typed record that refuses unknown keys and serialises to JSON."""

    # A validator is built when it is first used: a short command uses few of the records that it imports.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def later(default: Any, **constraints: Any) -> Any:
    """A field added to a record after logs had been written. `constraints` as for pydantic's `Field`.

    A default value is not serialised, so that records that do not use the field keep their bytes and their digest.
    """
    return Field(default=default, exclude_if=lambda value: value == default, **constraints)
