"""The condition of a trial: everything that decides what happens in it, and nothing else.

Resolved means that every parameter is written out, so that a condition file reads the same when defaults change. It is
written to `condition.yaml` before anything else happens and used verbatim ever after.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from io import StringIO
from typing import Any

from pydantic import Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from relay.agent import Agent
from relay.budget import Budget
from relay.components import build, resolve
from relay.errors import UsageError
from relay.events import SCHEMA
from relay.prices import Prices, PriceTable
from relay.record import Record, later
from relay.spelling import Spelling

__all__ = ["Condition", "digest", "resolve_condition"]

Source = str | Mapping[str, Any] | Spelling

GENERATIONS = 10
"""Length of a chain where nothing else is asked for."""


class Condition(Record):
    """One trial's condition, resolved."""

    v: int = SCHEMA
    task: Spelling
    agent: Spelling
    notes: Spelling
    memory: Spelling
    truth: Spelling
    handover: tuple[Spelling, ...] = ()
    """Steps between the store and the successor, in order."""
    budget: Budget = Budget()
    """Per tenure."""
    prices: Prices | None = later(None)
    """What the tokens of the agent's model cost: the entry of the user's table that applies."""
    generations: int = Field(default=GENERATIONS, ge=1)
    width: int = Field(default=1, ge=1)
    """Tenures side by side in one generation."""
    seed: int = 0
    versions: dict[str, str] = {}
    """Of what decides the bytes of the log: relay itself. Of Python and the machine nothing depends."""

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
    def from_yaml(cls, text: str, where: str) -> Condition:
        """Read `condition.yaml`; `where` names it in errors."""
        try:
            data = YAML(typ="safe", pure=True).load(text)
        except YAMLError as error:
            raise UsageError(f"{where} is not YAML: {str(error).splitlines()[0]}; restore it or start anew") from None
        if isinstance(data, dict) and isinstance(data.get("v"), int) and data["v"] != SCHEMA:
            raise UsageError(
                f"{where} was written with schema version {data['v']} and this relay reads version {SCHEMA}; "
                "use the relay that wrote it"
            )
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "its top"
            raise UsageError(f"{where} is no condition: {place}: {first['msg']}; restore it or start anew") from None


def resolve_condition(
    task: Source,
    *,
    agent: Source = "explorer",
    notes: Source = "ledger",
    memory: Source = "fresh",
    truth: Source = "shown",
    handover: Iterable[Source] = (),
    budget: Budget | Mapping[str, Any] | None = None,
    prices: PriceTable | None = None,
    generations: int = GENERATIONS,
    width: int = 1,
    seed: int = 0,
) -> Condition:
    """A condition with every component looked up and every parameter written out; `UsageError` on any mistake.

    `budget`: a whole one, or what differs from the agent's usual one.
    """
    researcher = resolve("relay.agents", agent)
    built: Agent = build("relay.agents", researcher)
    try:
        if not isinstance(budget, Budget):
            budget = Budget.model_validate({**built.usual.model_dump(), **(budget or {})})
        if budget.money is not None and prices is None:
            raise UsageError("a budget of money needs to know what tokens cost: give a price table with --prices")
        return Condition(
            task=resolve("relay.tasks", task),
            agent=researcher,
            notes=resolve("relay.notes", notes),
            memory=resolve("relay.memory", memory),
            truth=resolve("relay.truth", truth),
            handover=tuple(resolve("relay.handover", step) for step in handover),
            budget=budget,
            prices=None if prices is None else prices.of(_model_of(built, researcher)),
            generations=generations,
            width=width,
            seed=seed,
            versions={"relay": installed_version()},
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}={first['input']!r}: {first['msg']}") from None


def _model_of(agent: Agent, spelling: Spelling) -> str:
    model = agent.priced_as()
    if not model:
        raise UsageError(f"the agent `{spelling.name}` asks no model that a price table could name; leave --prices out")
    return model


def digest(record: Record) -> str:
    """SHA-256 of a record's canonical JSON."""
    canonical = json.dumps(record.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def installed_version() -> str:
    """The version that is installed, as conditions record it."""
    try:
        return version("relay-instrument")
    except PackageNotFoundError:
        return "unknown"
