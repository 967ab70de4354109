"""The condition of a trial: everything that decides what happens in it, and nothing else.

In a resolved condition every parameter is written out, so that the file means the same when defaults change. It is
written to `condition.yaml` before anything else happens, and never changed afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.event import SCHEMA
from relay.records.head import sha256
from relay.records.log import other_schema
from relay.records.prices import Prices
from relay.records.record import Record, later
from relay.records.spec import ComponentSpec
from relay.records.yaml_text import read_yaml

__all__ = ["FILES", "GENERATIONS", "Condition", "FileCopy", "Origin", "digest"]

FILES = "files"
"""The folder of a trial's directory with the copies of files."""

GENERATIONS = 10
"""Default length of a chain."""

_COPY = re.compile(rf"{FILES}(?:/(?!\.{{1,2}}(?:/|$))[^/\\\x00-\x1f]+)+")
"""A path inside the folder of the copies."""


class FileCopy(Record):
    """A file that components are read from, of which the trial has a copy."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Hash of the file's bytes, in hexadecimal."""
    used_by: tuple[str, ...]
    """The fields of the condition whose components use the file."""
    noun: str = "file"
    """What the file is, for messages."""


@dataclass(frozen=True)
class Origin:
    """What is known of a condition beside the condition. No result depends on it, so it is neither written into the
    condition nor compared."""

    sources: Mapping[str, Path] = field(default_factory=dict)
    """Name of a copy -> where the file lies now."""
    transport: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Place of a component, such as `agent.model` -> its parameters that are transport."""


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
    interventions: tuple[ComponentSpec, ...] = later(())
    """What the trial's own control writes into the notes when a generation has ended, in order."""
    budget: Budget = Budget()
    """The budget of each tenure."""
    prices: Prices | None = later(None)
    """Prices of the agent's model: the entry of the user's table that applies."""
    generations: int = Field(default=GENERATIONS, ge=1)
    width: int = Field(default=1, ge=1)
    """Number of tenures side by side in one generation."""
    seed: int = 0
    personas: tuple[str, ...] = later(())
    """Texts that say to researchers who they are, by the names of their copies. Place i of a generation has the i-th;
    after the last comes the first again."""
    files: dict[str, FileCopy] = {}
    """`files/NAME` -> the file, for every file that a component is read from. Components name files in this way."""
    versions: dict[str, str] = {}
    """Versions of everything that decides the bytes of the log: `relay`, `checker`, and the distributions of components
    that do not belong to relay. Python and the machine have no effect."""

    _origin: Origin = PrivateAttr(default=Origin())

    @field_validator("files")
    @classmethod
    def _inside(cls, files: dict[str, FileCopy]) -> dict[str, FileCopy]:
        for name in files:
            if not _COPY.fullmatch(name):
                raise ValueError(f"{name!r} is no path inside the folder {FILES}/")
        return dict(sorted(files.items()))

    @model_validator(mode="after")
    def _money_has_prices(self) -> Condition:
        if self.budget.money is not None and self.prices is None:
            raise ValueError("a budget of money needs prices; give a price table")
        return self

    @model_validator(mode="after")
    def _personas_have_places(self) -> Condition:
        if len(self.personas) > self.width:
            raise ValueError(f"it has {len(self.personas)} personas for width={self.width}")
        if missing := [name for name in self.personas if name not in self.files]:
            raise ValueError(f"the persona {missing[0]!r} is not among its files")
        return self

    def __eq__(self, other: object) -> bool:
        """Conditions are equal if they are written alike, wherever their files lie."""
        return isinstance(other, Condition) and self.model_dump() == other.model_dump()

    @property
    def origin(self) -> Origin:
        """Where its files lie, and the transport; empty if the condition was only read from text."""
        return self._origin

    def of_origin(self, origin: Origin) -> Condition:
        """The same condition with another origin."""
        same = self.model_copy()
        same._origin = origin
        return same

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
            data = read_yaml(text)
        # a ValueError is a date that is none, a number with too many digits, or text that is not UTF-8
        except (YAMLError, ValueError) as error:
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
    return sha256(canonical.encode())
