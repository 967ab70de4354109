"""What a model's tokens cost, by a table that the user gives. relay knows no prices of its own.

    currency: USD
    per: 1000000
    models:
      openai/some-model: {input: 2.5, output: 10, cached: 1.25}

Amounts are exact decimals, so that rounding can't carry spending past a budget. They are logged as text.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from ruamel.yaml.error import YAMLError

from relay.errors import UsageError
from relay.records.record import Record, later
from relay.records.user_files import read_user_file
from relay.records.yaml_text import read_yaml

__all__ = ["Amount", "PriceTable", "Prices", "plain"]

LARGEST = 1_000_000
"""Largest size of a price table in bytes."""


def plain(amount: Decimal) -> Decimal:
    """The amount without trailing zeros and without an exponent, so that equal amounts have equal text."""
    return Decimal(format(amount.normalize(), "f")) if amount else Decimal(0)


# Within these bounds every product and sum that is made of them has fewer than the 28 digits that decimals keep.
Amount = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=16), AfterValidator(plain)]
"""An amount of money, in the currency of the price table."""
Price = Annotated[Decimal, Field(ge=0, le=10**6, decimal_places=8), AfterValidator(plain)]


def _no_switch(told: object) -> object:
    if isinstance(told, bool):  # True equals 1, which is allowed
        raise ValueError("input should be 1, 1000 or 1000000")
    return told


Per = Annotated[Literal[1, 1_000, 1_000_000], BeforeValidator(_no_switch)]
Currency = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^\S+$")]


class Prices(Record):
    """The prices of the agent's model; all are 0 if it has none, and only others are charged."""

    currency: Currency
    per: Per = 1_000_000
    """Number of tokens that each price is for."""
    input: Price
    output: Price
    cached: Price
    """Price of prompt tokens that were served from a prefix cache."""
    others: dict[str, Prices] = later({})
    """`provider/name` -> prices, for the models that other components ask, such as a judge."""

    @property
    def dearest(self) -> Decimal:
        """Highest price of a prompt token: before the answer it is not known how much is cached."""
        return max(self.input, self.cached)

    def cost(self, tokens_in: int, tokens_out: int, tokens_cached: int) -> Decimal:
        """Cost of one answer; `tokens_cached` is a part of `tokens_in`."""
        fresh = tokens_in - tokens_cached
        return plain((fresh * self.input + tokens_cached * self.cached + tokens_out * self.output) / self.per)

    def at_most(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Highest possible cost of one answer, for any number of cached tokens."""
        return (tokens_in * self.dearest + tokens_out * self.output) / self.per


class ModelPrice(Record):
    """One model's entry in a price table."""

    input: Price
    output: Price
    cached: Price | None = None
    """None: the same as `input`."""


class PriceTable(Record):
    """Prices by model."""

    currency: Currency
    per: Per = 1_000_000
    models: dict[str, ModelPrice]
    """`provider/name` -> prices of the model."""

    @classmethod
    def read(cls, path: Path) -> PriceTable:
        """Read a YAML file. Raises `UsageError` with the file, the place in it and what was expected."""
        try:
            data = read_yaml(read_user_file(path, LARGEST))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise UsageError(f"the price table {path} can't be read: {reason}; give a YAML file") from None
        except (YAMLError, ValueError) as error:
            raise UsageError(
                f"the price table {path} is not YAML: {str(error).splitlines()[0]}; fix the file"
            ) from None
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "its top"
            told = first["msg"].removeprefix("Value error, ")
            raise UsageError(
                f"the price table {path}: {place}: {told[:1].lower()}{told[1:]}; it has `currency`, "
                "`per` and `models`, a mapping of provider/name to {input, output, cached}"
            ) from None

    def of(self, model: str) -> Prices:
        """The prices of a model `provider/name`. Raises `UsageError` if the table has no such model."""
        if model not in self.models:
            there = ", ".join(sorted(self.models)[:8]) or "none"
            raise UsageError(f"the price table has no model `{model}`; it has: {there}; add it under `models`")
        found = self.models[model]
        cached = found.input if found.cached is None else found.cached
        return Prices(currency=self.currency, per=self.per, input=found.input, output=found.output, cached=cached)
