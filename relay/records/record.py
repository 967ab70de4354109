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
    """Declare a field that was added to a record after logs had been written. `constraints` are passed on to pydantic's
    `Field`.

    The field is not serialised while it has its default value. Records that do not use it thus keep their bytes and
    their digest.
    """
    return Field(default=default, exclude_if=lambda value: value == default, **constraints)
