"""The condition of a trial: everything that decides what happens in it, and nothing else.

In a resolved condition every parameter is written out, so that the file means the same when defaults change. It is
written to `condition.yaml` before anything else happens, and never changed afterwards.
"""

from __future__ import annotations

import hashlib
import json
from io import StringIO

from pydantic import Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.events import SCHEMA
from relay.records.log import other_schema
from relay.records.prices import Prices
from relay.records.record import Record, later
from relay.records.spec import ComponentSpec

__all__ = ["Condition", "digest"]


GENERATIONS = 10
"""Default length of a chain."""


class Condition(Record):
    """The resolved condition of one trial."""

    v: int = SCHEMA
    task: ComponentSpec
    agent: ComponentSpec
    notes: ComponentSpec
    memory: ComponentSpec
    truth: ComponentSpec
    handover: tuple[ComponentSpec, ...] = ()
    """Steps between the store and the successor, in order."""
    budget: Budget = Budget()
    """The budget of each tenure."""
    prices: Prices | None = later(None)
    """Prices of the agent's model: the entry of the user's table that applies."""
    generations: int = Field(default=GENERATIONS, ge=1)
    width: int = Field(default=1, ge=1)
    """Number of tenures side by side in one generation."""
    seed: int = 0
    versions: dict[str, str] = {}
    """Versions of everything that decides the bytes of the log: relay itself. Python and the machine have no effect."""

    @model_validator(mode="after")
    def _money_has_prices(self) -> Condition:
        if self.budget.money is not None and self.prices is None:
            raise ValueError("a budget of money needs prices; give a price table")
        return self

    def to_yaml(self) -> str:
        """The text of `condition.yaml`."""
        out = StringIO()
        YAML(typ="safe", pure=True).dump(self.model_dump(mode="json"), out)
        return out.getvalue()

    @classmethod
    def from_yaml(cls, text: str | bytes, where: str) -> Condition:
        """Read the text of `condition.yaml`; `where` names it in errors. Raises `UsageError` if it is not a
        condition."""
        try:
            data = YAML(typ="safe", pure=True).load(text.decode() if isinstance(text, bytes) else text)
        # a ValueError is a date that is none, a number with too many digits, or text that is not UTF-8
        except (YAMLError, ValueError, RecursionError) as error:
            raise UsageError(
                f"{where} is not YAML: {str(error).splitlines()[0]}; restore it or start a new trial"
            ) from None
        # checked first: under another version the field errors below would mislead
        if isinstance(data, dict) and isinstance(data.get("v"), int) and data["v"] != SCHEMA:
            raise other_schema(where, data["v"])
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "its top"
            raise UsageError(
                f"{where} is not a condition: {place}: {first['msg']}; restore it or start a new trial"
            ) from None


def digest(record: Record) -> str:
    """SHA-256 of a record's canonical JSON."""
    canonical = json.dumps(record.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
