"""The two sides of the bench.

`Bench` is the engine's: an agent gets it for a turn and awaits `bench.run(search, payload)`. `search` is a function
of a module, so that a worker process can find it; it is called as `search(local, payload)` with a `LocalBench`, and
gets values from nothing else. What the search returns comes back; what it spent is charged even when it fails.
"""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable, Mapping, Sequence
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


class LocalBench:
    """What a search values its terms on, inside its worker."""

    def __init__(self, given: Given, allowance: int) -> None:
        self._given = given
        self._meter = Meter(allowance)

    @property
    def given(self) -> Given:
        """What the task gives."""
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
        """Valuation on the task's structure."""
        return Rows(self._given, self._meter)

    def explains(
        self, definition: Definition, definitions: Mapping[str, Definition], phenomenon: PublicPhenomenon
    ) -> bool:
        """Whether a definition reproduces every row of a phenomenon that is shown. One evaluation."""
        self._meter.reserve(1)
        shown = Phenomenon(
            id=str(phenomenon.number), text=phenomenon.text, parameters=phenomenon.parameters,
            result=phenomenon.result, field=phenomenon.field, rows=phenomenon.rows, concept="",
        )  # fmt: skip
        explained = Behaviour(shown, self._given).explained_by(definition, definitions)
        self._meter.record(np.array([explained]))
        return explained

    def arrays(self, shapes: Sequence[Shape], bound: Shape | None = None) -> Arrays:
        """Valuation on the public points for parameters of these shapes, and perhaps a bound variable."""
        return Arrays(self._meter, shapes, bound)


class Search(Protocol[Payload, Result]):
    """A function of a module that values terms on a bench."""

    def __call__(self, bench: LocalBench, payload: Payload, /) -> Result: ...


class Runner(Protocol):
    """Runs a function of a module in a worker; `relay.scoring.workers.Workers` is one."""

    def run(self, function: Callable[..., Any], /, *args: Any) -> Awaitable[Any]: ...


class Inline:
    """Runs a function in the calling process."""

    async def run(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """What `function(*args)` returns."""
        return function(*args)


class Bench:
    """The bench of one tenure, as its researcher gets it."""

    def __init__(
        self, runner: Runner, given: Given, left: Callable[[], int], charge: Callable[[int, str], None]
    ) -> None:
        """`left` says how many evaluations the tenure has; `charge(count, digest)` is told what a run spent."""
        self._runner = runner
        self._given = given
        self._left = left
        self._charge = charge

    async def run(self, search: Callable[[LocalBench, Any], Any], payload: Any) -> Any:
        """What `search` returns. Raises what it raises, after charging what it spent."""
        packed, count, digest = await self._runner.run(_measured, search, self._given, self._left(), payload)
        self._charge(count, digest)
        result, error = pickle.loads(packed)  # noqa: S301 (from the search itself)
        if error is not None:
            raise error
        return result


def _measured(
    search: Callable[[LocalBench, Any], Any], given: Given, allowance: int, payload: Any
) -> tuple[bytes, int, str]:
    """What came of a search, packed here: if that fails, in the worker or on the way back, it has still been paid."""
    bench = LocalBench(given, allowance)
    result: Any = None
    failure: BaseException | None = None
    try:
        result = search(bench, payload)
    except KeyboardInterrupt:
        raise
    except Exception as error:
        failure = error
    except BaseException as error:  # it would end the process that awaits it
        failure = RuntimeError(f"the search ended with {type(error).__name__}")
    try:
        packed = pickle.dumps((result, failure))
        pickle.loads(packed)  # noqa: S301 (an error may be one that can't be made again)
    except Exception as error:
        what = failure if failure is not None else error
        problem = f"what the search ended with can't be sent back: {type(what).__name__}: {what}"
        packed = pickle.dumps((None, RuntimeError(problem)))
    return packed, bench.spent, bench.digest
