"""Resolves a condition: every component is looked up and every parameter written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from relay.component_files import FileCollection, model_specs
from relay.components import build, find, resolve
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.condition import GENERATIONS, Condition, Origin
from relay.records.prices import Prices, PriceTable
from relay.records.spec import ComponentSpec
from relay.researcher.agent import Agent
from relay.researcher.model import title
from relay.trial.transport import merged, split
from relay.trial.versions import versions_of

__all__ = ["Schemes", "Source", "resolve_condition"]

Source = str | Mapping[str, Any] | ComponentSpec
"""A component as a user writes it; see `relay.records.spec`."""


@dataclass(frozen=True)
class Schemes:
    """The schemes of a trial, with their defaults: what is passed on and what is reported, and its controls."""

    notes: Source = "ledger"
    memory: Source = "fresh"
    truth: Source = "shown"
    handover: tuple[Source, ...] = ()
    interventions: tuple[Source, ...] = ()


def resolve_condition(
    task: Source,
    *,
    agent: Source = "explorer",
    schemes: Schemes = Schemes(),
    budget: Budget | Mapping[str, Any] | None = None,
    prices: PriceTable | None = None,
    generations: int = GENERATIONS,
    width: int = 1,
    seed: int = 0,
) -> Condition:
    """A condition with every component looked up and every parameter written out. Files of components are named by the
    copies that the trial will have; the condition's `origin` says where they lie, and what transport was given.

    `budget` is a whole budget, or only what differs from the agent's usual one. Raises `UsageError` on any mistake.
    """
    researcher = resolve("relay.agents", agent)
    built: Agent = build("relay.agents", researcher)
    try:
        # Given options change the agent's usual budget; a whole budget replaces it.
        if not isinstance(budget, Budget):
            budget = Budget.model_validate({**built.usual.model_dump(), **(budget or {})})
        if budget.money is not None and prices is None:
            raise UsageError("a budget of money needs prices; give a price table with --prices")
        components = [
            ("task", "relay.tasks", resolve("relay.tasks", task)),
            ("agent", "relay.agents", researcher),
            *_resolved(schemes),
        ]
        files = FileCollection()
        parted = [(field, group, *split(field, group, spec)) for field, group, spec in components]
        specs = [files.collect(field, group, kept) for field, group, kept, _ in parted]
        task_spec, agent_spec, notes, memory, truth, *rest = specs
        steps = len(schemes.handover)
        condition = Condition(
            task=task_spec,
            agent=agent_spec,
            notes=notes,
            memory=memory,
            truth=truth,
            handover=tuple(rest[:steps]),
            interventions=tuple(rest[steps:]),
            budget=budget,
            prices=_priced(prices, built, components[1:], specs[1:]),
            generations=generations,
            width=width,
            seed=seed,
            files=files.copies,
            versions=versions_of((group, spec) for _, group, spec in components),
        )
        return condition.of_origin(Origin(sources=files.sources, transport=merged(*(given for *_, given in parted))))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}={first['input']!r}: {first['msg']}") from None


def _resolved(schemes: Schemes) -> Iterator[tuple[str, str, ComponentSpec]]:
    """Yield field, group and spec of each scheme, step and intervention, in the order of the condition."""
    for field, source in (("notes", schemes.notes), ("memory", schemes.memory), ("truth", schemes.truth)):
        yield field, f"relay.{field}", resolve(f"relay.{field}", source)
    for field, sources in (("handover", schemes.handover), ("interventions", schemes.interventions)):
        for each in sources:
            yield field, f"relay.{field}", resolve(f"relay.{field}", each)


def _priced(
    table: PriceTable | None, agent: Agent, components: list[tuple[str, str, ComponentSpec]], specs: list[ComponentSpec]
) -> Prices | None:
    """The prices of a condition: those of its agent's model, and those of the models that other components ask.
    `components` are field, group and spec, as given, of the agent and then of the others; `specs` are theirs in the
    condition. Raises `UsageError` if there is no model, or if the table lacks one."""
    if table is None:
        return None
    asked: dict[str, Prices] = {}
    for (_, group, given), spec in list(zip(components, specs, strict=True))[1:]:
        kind = find(group, given.name)
        pairs = zip(model_specs(kind, given.parameters), model_specs(kind, spec.parameters), strict=True)
        asked |= {title(there): table.of(title(named)) for (_, named), (_, there) in pairs}
    own = agent.priced_as()
    if not own and not asked:
        name = components[0][2].name
        raise UsageError(f"the agent `{name}` uses no model, so prices do not apply; leave out --prices")
    free = Prices(currency=table.currency, per=table.per, input=Decimal(0), output=Decimal(0), cached=Decimal(0))
    return (table.of(own) if own else free).model_copy(update={"others": dict(sorted(asked.items()))})
