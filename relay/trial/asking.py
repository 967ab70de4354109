"""How the engine asks a component for something: whatever goes wrong is one line that names the component.

A component of a user's own may raise anything and return anything. `ask` calls a method, or reads a property, and
compares what comes back with the type that it should have, field by field. A mistake is a `UsageError` that names the
component, the method, and the line of its file. What relay's own components raise is raised as it is: it is a bug.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from inspect import isawaitable, iscoroutine
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from relay.checker.verdict import Verdict
from relay.component_code import defined_at, failing_place, how_to_mend, is_own
from relay.components import GROUPS
from relay.errors import NotationError, RelayError, UsageError
from relay.records.events import NoteChanged
from relay.records.record import Record
from relay.researcher.actions import Action
from relay.researcher.agent import Agent
from relay.researcher.observation import Message, TenureView
from relay.researcher.tokens import Counter
from relay.schemes.notes.scheme import Layout, NotePlace, Notes, NoteScheme, Outcome
from relay.schemes.outside import Outside
from relay.schemes.truth.scheme import StatedClaim, TruthScheme
from relay.text import excerpt
from relay.trial.retry import MACHINE

__all__ = [
    "applied",
    "ask",
    "ask_async",
    "carried_out",
    "laid_out",
    "merged_change",
    "misfit",
    "named",
    "place_in",
    "prompt_tokens",
    "told_of_claim",
    "told_phenomena",
    "told_verdict",
]

NOBODYS = (KeyboardInterrupt, CancelledError, GeneratorExit)
"""What ends a component's method from outside, and is no mistake of the component."""
LONGEST = 300
"""Most characters of what a component raised that are told."""


def laid_out(scheme: NoteScheme, notes: Notes, room: int, count: Counter) -> Layout:
    """What a note scheme shows of `notes` in `room` tokens."""
    layout: Layout = ask(scheme, "show", Layout, MappingProxyType(notes), room, count)
    return layout


def applied(scheme: NoteScheme, action: Action, place: NotePlace) -> Outcome:
    """The outcome of an action of a note scheme."""
    outcome: Outcome = ask(scheme, "apply", Outcome, action, place)
    return outcome


async def carried_out(scheme: NoteScheme, action: Action, place: NotePlace, outside: Outside) -> Outcome:
    """The outcome of an action of a researcher, which may need what comes from outside."""
    if type(scheme).carry_out is NoteScheme.carry_out:  # the usual one, whose mistakes are those of `apply`
        return applied(scheme, action, place)
    outcome: Outcome = await ask_async(scheme, "carry_out", Outcome, action, place, outside)
    return outcome


def merged_change(scheme: NoteScheme, notes: Notes, change: NoteChanged) -> NoteChanged:
    """A change of a note as its scheme applies it to the store."""
    merged: NoteChanged = ask(scheme, "merge", NoteChanged, MappingProxyType(notes), change)
    return merged


def ask(component: Record, name: str, expected: Any, *arguments: Any) -> Any:
    """What a method of a component returns for `arguments`, or the value of a property. `expected` is its type.

    Raises `UsageError` if the component raises something else than an error of relay's, or returns something else.
    """
    return _fitting(component, name, expected, _attempted(component, name, lambda: _called(component, name, arguments)))


async def told_verdict(truth: TruthScheme, stated: StatedClaim, outside: Outside) -> Verdict | None:
    """What a truth tells a researcher of a claim."""
    if type(truth).tell is TruthScheme.tell:  # the usual one, whose mistakes are those of `of_claim`
        return told_of_claim(truth, stated.verdict)
    told: Verdict | None = await ask_async(truth, "tell", Verdict | None, stated, outside)
    return told


def told_of_claim(truth: TruthScheme, verdict: Verdict) -> Verdict | None:
    """What a truth tells of a claim if nobody is asked."""
    told: Verdict | None = ask(truth, "of_claim", Verdict | None, verdict)
    return told


def told_phenomena(truth: TruthScheme, explained: tuple[int, ...]) -> tuple[int, ...] | None:
    """Those of the phenomena that a definition explains which a truth tells."""
    told: tuple[int, ...] | None = ask(truth, "of_phenomena", tuple[int, ...] | None, explained)
    return told


def prompt_tokens(agent: Agent, view: TenureView) -> int:
    """Tokens of an agent's prompt for a view, as the agent counts them."""
    messages = ask(agent, "messages", tuple[Message, ...], view)
    tokens: int = ask(agent, "count", int, messages)
    return tokens


async def ask_async(component: Record, name: str, expected: Any, *arguments: Any) -> Any:
    """Like `ask`, for a coroutine method."""
    waiting = _attempted(component, name, lambda: _called(component, name, arguments))
    if not isawaitable(waiting):
        told = f"{named(component)} has a method `{name}` that can't be awaited{place_in(component, name)}"
        raise UsageError(f"{told}; write `async def`, not `def`")
    return _fitting(component, name, expected, await _awaited(component, name, waiting))


def _called(component: Record, name: str, arguments: tuple[Any, ...]) -> Any:
    found = getattr(component, name)
    return found(*arguments) if callable(found) else found


def _attempted(component: Record, name: str, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except NOBODYS:
        raise
    except BaseException as error:  # `sys.exit` too
        raise _failure(component, name, error) from error


async def _awaited(component: Record, name: str, waiting: Awaitable[Any]) -> Any:
    try:
        return await waiting
    except NOBODYS:
        raise
    except BaseException as error:
        raise _failure(component, name, error, waited=True) from error


def _failure(component: Record, name: str, error: BaseException, *, waited: bool = False) -> BaseException:
    """The error that is raised for one that a component raised. `waited`: it may have come from outside."""
    foreseen = isinstance(error, (RelayError, *(MACHINE if waited else ())))
    if foreseen and not isinstance(error, NotationError):  # which tells a line and a column, and nobody whose
        return error
    place = failing_place(error)
    if place is None and is_own(type(component).__module__):
        return error
    what = excerpt(" ".join(f"{type(error).__name__}: {error}".split()), LONGEST)
    where = f" in {place}" if place else f" in `{name}`{place_in(component, name)}"
    return UsageError(f"{named(component)} failed with {what}{where}{how_to_mend(where)}")


def _fitting(component: Record, name: str, expected: Any, found: Any) -> Any:
    if iscoroutine(found):
        found.close()  # else Python warns that it was never awaited
        told = f"{named(component)} has a method `{name}` that has to be awaited{place_in(component, name)}"
        raise UsageError(f"{told}; write `def`, not `async def`")
    if wrong := misfit(found, expected):
        where = place_in(component, name)
        raise UsageError(f"{named(component)} returned {wrong}, from `{name}`{where}{how_to_mend(where)}")
    return found


def named(component: Record) -> str:
    """What a component is, and its name."""
    noun = next((noun for noun, has in GROUPS.values() if callable(getattr(component, has, None))), "component")
    return f"the {noun} `{type(component).__name__}`"


def place_in(component: Record, name: str) -> str:
    """Where a method of a component is, with a space before it. If it is relay's own, where the component is."""
    kind = next((kind for kind in type(component).__mro__ if name in vars(kind)), type(component))
    place = defined_at(type(component), "" if is_own(kind.__module__) else name)
    return f" {place}" if place else ""


# --- types -----------------------------------------------------------------------------------------------------------


def misfit(value: object, expected: Any) -> str:
    """How a value differs from a type, in words such as `nothing instead of a Layout`; empty if it does not. Tuples and
    dataclasses are looked into; mappings too."""
    if expected is Any or (expected is None and value is None):
        return ""
    origin, arguments = get_origin(expected), get_args(expected)
    if origin in (Union, UnionType):
        return "" if any(not misfit(value, each) for each in arguments) else _misfit_of_several(value, arguments)
    kind = origin or expected
    if kind is Callable or not isinstance(kind, type) or kind.__name__ == "Callable":
        return "" if callable(value) else _instead(value, "a function")
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return _instead(value, _name(expected))
    if isinstance(value, tuple) and len(arguments) == 2 and arguments[1] is ...:
        return next(filter(None, (misfit(each, arguments[0]) for each in value)), "")
    if isinstance(value, Mapping) and len(arguments) == 2:
        pairs = ((misfit(key, arguments[0]), misfit(each, arguments[1])) for key, each in value.items())
        return next(filter(None, (key or each for key, each in pairs)), "")
    if is_dataclass(value):
        hints, of = _hints(value.__class__), f"of a `{type(value).__name__}`"
        found = ((misfit(getattr(value, each.name), hints[each.name]), each.name) for each in fields(value))
        return next((f"{told} in `{name}` {of}" for told, name in found if told), "")
    return ""


def _misfit_of_several(value: object, expected: Collection[Any]) -> str:
    for each in expected:  # of the right class, and wrong inside
        if isinstance(each, type) and isinstance(value, each):
            return misfit(value, each)
    return _instead(value, " or ".join(_name(each) for each in expected))


def _instead(value: object, expected: str) -> str:
    what = "nothing" if value is None else f"a value of the type {type(value).__name__}"
    return f"{what} instead of {expected}"


def _name(expected: Any) -> str:
    if expected in (None, type(None)):
        return "`None`"
    name = getattr(get_origin(expected) or expected, "__name__", str(expected))
    return f"a{'n' * (name[0] in 'AEIOUaeiou')} `{name}`"


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)
