"""Replies to a researcher's actions. They do not depend on credit or on other tenures."""

from __future__ import annotations

from collections.abc import Sequence

from relay.checker.matching import Agreement
from relay.checker.pricing import Price
from relay.notation import print_type
from relay.notation.syntax import Definition
from relay.records.events import Acted
from relay.records.reply_data import AgreementData, LengthData, ReplyData
from relay.researcher.actions import Action
from relay.text import quantity

__all__ = [
    "EXPLAINED_LATER",
    "NOTHING_LEFT",
    "acted",
    "joint",
    "of_definition",
    "of_explained",
    "of_match",
    "of_price",
    "of_refusal",
    "of_withheld",
]

NOTHING_LEFT = "Nothing was done: no evaluations are left."
WITHHELD = "The claim is well formed and has been noted; its status is not told."
LATER = "The claim is well formed and has been noted; its status will be told after generation {}."
EXPLAINED_LATER = "What it explains will be told after generation {}."


def acted(action: Action, ok: bool, reply: str, data: ReplyData | None = None, evaluations: int = 0) -> Acted:
    """The event of an action with its reply. `data` says the same as the reply, for programs."""
    return Acted(action=action.model_dump(mode="json"), ok=ok, reply=reply, data=data, evaluations=evaluations)


def of_withheld(generation: int) -> str:
    """The reply to a claim whose status is withheld, until the end of a generation or (0) for good."""
    return LATER.format(generation) if generation else WITHHELD


def of_definition(definition: Definition) -> str:
    """The reply to an accepted definition: its signature."""
    parameters = ", ".join(f"{parameter.name}: {print_type(parameter.type)}" for parameter in definition.parameters)
    return f"defined: {definition.name}({parameters}) -> {print_type(definition.result)}."


def of_explained(explained: tuple[int, ...], near: AgreementData | None, long: LengthData | None) -> str:
    """Which phenomena a definition explains. If it explains none, `near` is the one that it nearly explains, and `long`
    says for which it is too long."""
    if explained:
        return f"It explains phenomenon {', '.join(map(str, explained))}."
    if long is not None:
        return (
            f"It explains none of the phenomena: it has the values of {', '.join(map(str, long.phenomena))}, but is "
            f"longer than an explanation may be, {long.length} nodes with its helpers; at most {long.most} are allowed."
        )
    if near is None:
        return "It explains none of the phenomena."
    return f"It explains none of the phenomena; it agrees with {near.number} at {near.agreed} of {near.points} points."


def joint(reply: str) -> str:
    """What stands between a reply and a further sentence."""
    return " " if reply.endswith(".") else ". "


def of_price(reply: str, price: int, joint: str = " ") -> str:
    """A reply with what the action cost after it, if that is more than one evaluation. `joint` stands between."""
    return reply if price <= 1 else f"{reply}{joint}It cost {price:,} evaluations."


def of_refusal(price: Price, left: int) -> str:
    """Why an action was not carried out that costs too much, or whose price can't be counted. `left`: the evaluations
    that were left."""
    if price.refused == "room":
        return of_price("Nothing was done: a value in it takes too much room.", price.evaluations)
    if price.evaluations < left:
        most = f"more than {price.evaluations:,} evaluations, and one action may cost no more. They are spent"
    else:
        most = f"more than the {quantity(left, 'evaluation', ',')} that were left. They are spent"
    return f"Nothing was done: it costs {most}. Try fewer terms at once."


def of_match(found: Sequence[tuple[AgreementData, Agreement]], more: int, price: int) -> str:
    """How the term of a `match` compares with the phenomena of its type. `found` are those that are told, best first,
    `more` is the number of the others."""
    whole = [str(data.number) for data, _ in found if data.agreed == data.points]
    noun = "phenomenon" if len(whole) == 1 else "phenomena"
    parts = [f"It has all values of {noun} {', '.join(whole)}."] if whole else []
    listed = [f"{data.number}: {data.agreed} of {data.points}{_without(one)}" for data, one in found]
    others = f"; {more} more agree no better" if more else ""
    parts.append(f"Points that agree: {'; '.join(listed)}{others}.")
    return of_price(" ".join(parts), price)


def _without(one: Agreement) -> str:
    """The points at which there is no value, in brackets; empty if there are none."""
    parts = [f"undefined at {one.undefined}"] * bool(one.undefined)
    parts += [f"out of fuel at {one.ran_out}"] * bool(one.ran_out)
    return f" ({', '.join(parts)})" if parts else ""
