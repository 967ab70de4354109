"""The two sides of the bench.

`Bench` is the engine's side: an agent gets it for a turn and awaits `bench.run(search, payload)`. `search` must be
defined at the top level of a module, so that a worker process can find it. It is called as `search(local, payload)`
with a `LocalBench`, which is its only source of values. The search's result is returned. Its evaluations are charged
even if it fails.
"""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

from relay.checker.phenomena import Behaviour
from relay.notation.syntax import Definition
from relay.records.task import Given, Phenomenon
from relay.researcher.bench.arrays import Arrays
from relay.researcher.bench.meter import Meter
from relay.researcher.bench.points import Shape
from relay.researcher.bench.rows import Rows
from relay.researcher.observation import PublicPhenomenon

Payload = TypeVar("Payload", contravariant=True)
Result = TypeVar("Result", covariant=True)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a search went, as the search itself says. It is logged and changes nothing."""

    size: int
    """Every term in the search's reach with at most this many nodes was tried."""
    exhausted: bool
    """Whether nothing in the search's reach is left to try."""


class LocalBench:
    """Evaluates a search's terms inside its worker."""

    def __init__(self, given: Given, allowance: int) -> None:
        self._given = given
        self._meter = Meter(allowance)
        self.reach: Reach | None = None
        """How far the search went. A search that can tell sets it; None otherwise."""

    @property
    def given(self) -> Given:
        """The given sorts and operations of the task."""
        return self._given

    @property
    def left(self) -> int:
        """Evaluations that may still be spent."""
        return self._meter.left

    @property
    def spent(self) -> int:
        """Evaluations spent so far."""
        return self._meter.spent

    @property
    def digest(self) -> str:
        """SHA-256 of the values so far."""
        return self._meter.digest

    def rows(self) -> Rows:
        """Evaluation on the task's finite structure."""
        return Rows(self._given, self._meter)

    def explains(
        self, definition: Definition, definitions: Mapping[str, Definition], phenomenon: PublicPhenomenon
    ) -> bool:
        """Whether a definition reproduces every shown row of a phenomenon. One evaluation."""
        self._meter.reserve(1)
        shown = Phenomenon(
            id=str(phenomenon.number), text=phenomenon.text, parameters=phenomenon.parameters,
            result=phenomenon.result, field=phenomenon.field, rows=phenomenon.rows, concept="",
        )  # fmt: skip
        explained = Behaviour(shown, self._given).explained_by(definition, definitions)
        self._meter.record(np.array([explained]))
        return explained

    def arrays(self, shapes: Sequence[Shape], bound: Shape | None = None) -> Arrays:
        """Evaluation on the public points for parameters of these shapes, and optionally a bound variable."""
        return Arrays(self._meter, shapes, bound)


class Search(Protocol[Payload, Result]):
    """A function that evaluates terms on a bench. It is defined at the top level of a module."""

    def __call__(self, bench: LocalBench, payload: Payload, /) -> Result: ...


class Runner(Protocol):
    """Runs functions in a worker; `relay.scoring.workers.Workers` is one. Each function is defined at the top level of
    a module."""

    def run(self, function: Callable[..., Any], /, *args: Any) -> Awaitable[Any]: ...


class Inline:
    """Runs a function in the calling process."""

    async def run(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """Return `function(*args)`."""
        return function(*args)


class Bench:
    """The bench of one tenure, as its researcher gets it."""

    def __init__(
        self,
        runner: Runner,
        given: Given,
        left: Callable[[], int],
        charge: Callable[[int, str], None],
        reached: Callable[[Reach], None] | None = None,
    ) -> None:
        """`left` returns the number of evaluations that the tenure has left. `charge(count, digest)` is called after
        each run, and then `reached` if the search told how far it went."""
        self._reached = reached
        self._runner = runner
        self._given = given
        self._left = left
        self._charge = charge

    async def run(self, search: Callable[[LocalBench, Any], Any], payload: Any) -> Any:
        """Run a search and return its result. Its errors are raised here, after its evaluations were charged."""
        packed, count, digest, reach = await self._runner.run(_measured, search, self._given, self._left(), payload)
        self._charge(count, digest)
        if reach is not None and self._reached is not None:
            self._reached(reach)
        result, error = pickle.loads(packed)  # noqa: S301 (from the search itself)
        if error is not None:
            raise error
        return result


def _measured(
    search: Callable[[LocalBench, Any], Any], given: Given, allowance: int, payload: Any
) -> tuple[bytes, int, str, Reach | None]:
    """The pickled result and error of a search, its evaluations, the digest of its values, and how far it went.

    Packing happens here, so that a result that can't be pickled is charged too.
    """
    bench = LocalBench(given, allowance)
    result: Any = None
    failure: BaseException | None = None
    try:
        result = search(bench, payload)
    except KeyboardInterrupt:
        raise
    except Exception as error:
        failure = error
    except BaseException as error:  # raised as it is, it would end the process that awaits the search
        failure = RuntimeError(f"the search was ended by {type(error).__name__}")
    try:
        packed = pickle.dumps((result, failure))
        pickle.loads(packed)  # noqa: S301 (some errors can be pickled but not unpickled)
    except Exception as error:
        what = failure if failure is not None else error
        problem = f"the search's result or error can't be sent back: {type(what).__name__}: {what}"
        packed = pickle.dumps((None, RuntimeError(problem)))
    return packed, bench.spent, bench.digest, bench.reach
