"""An engine of vLLM in this process: its holders, its requests, and its death."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from agents.models.vllm.adapters import Adapters, dead, with_a_spare_slot
from agents.models.vllm.imported import imported, one_line, refusals
from relay.errors import MachineFault, UsageError
from relay.researcher.model import Request

__all__ = ["Engine", "held", "running"]


class Engine:
    """A running engine. If it died, it is started again at the next request."""

    def __init__(self, name: str, options: Mapping[str, Any], sampling: Mapping[str, Any]) -> None:
        """Start the engine. `sampling` applies to every answer. Raises `UsageError` if the user can fix the problem."""
        self._name, self._sampling = name, dict(sampling)
        self._arguments, self._spare = _arguments(name, options)
        self._requests = count()
        self.holders = 0
        """Number of trials that need the engine. It is stopped when the last one ends."""
        self._engine: Any = None
        self._adapters: Any = None
        try:
            self._start()
        except refusals(OSError, RuntimeError) as error:
            raise UsageError(f"vllm can't start `{name}`: {one_line(error)}; see its output above") from error

    def context(self) -> int | None:
        """Largest number of tokens of a prompt and its answer together; None if the engine is not running."""
        return None if self._engine is None else int(self._engine.model_config.max_model_len)

    async def forget(self) -> None:
        """Empty the cache of prefixes."""
        if self._engine is not None:
            await self._engine.reset_prefix_cache()

    async def generate(self, ids: Sequence[int], request: Request) -> Any:
        """The finished output of one request. Raises `MachineFault` or `UsageError`."""
        from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError  # noqa: PLC0415 - an extra

        engine, last = self._alive(), None
        async with AsyncExitStack() as lent:
            try:
                arguments = (await _input(engine, ids), self._parameters(request), str(next(self._requests)))
                adapter = None
                if request.adapter is not None:
                    adapter = await lent.enter_async_context(self._adapters.lent(request.adapter))
                async for output in engine.generate(*arguments, lora_request=adapter):
                    last = output
            except EngineDeadError as error:
                raise dead() from error
            except EngineGenerateError as error:
                raise MachineFault(f"the engine failed: {error.__cause__ or error}"[:300], kind="engine") from error
            except refusals() as error:
                raise UsageError(f"vllm/{self._name} refuses the request: {one_line(error)}") from error
        # an aborted answer is incomplete, though vLLM reports no error
        if last is None or not last.finished or last.outputs[0].finish_reason == "abort":
            raise MachineFault("the engine aborted the answer", kind="engine")
        return last

    def stop(self) -> None:
        """Stop the engine. Requests that still wait get an error here, since vLLM reports only deaths of its own."""
        from vllm.v1.engine.exceptions import EngineDeadError  # noqa: PLC0415 - an extra

        engine, self._engine, self._adapters = self._engine, None, None
        if engine is not None:
            engine.output_processor.propagate_error(EngineDeadError())
            engine.shutdown()

    def _alive(self) -> Any:
        """The engine, restarted if it died."""
        if self._engine is not None and self._engine.errored:
            self.stop()
        if self._engine is None:
            if not self.holders:
                raise UsageError(f"vllm/{self._name} is not served; request completions inside `served()`")
            try:
                self._start()
            except refusals(OSError, RuntimeError) as error:
                raise MachineFault(f"the engine can't be restarted: {one_line(error)}", kind="engine") from error
        return self._engine

    def _start(self) -> None:
        from vllm.v1.engine.async_llm import AsyncLLM  # noqa: PLC0415 - an extra

        self._engine = AsyncLLM.from_engine_args(self._arguments)
        self._adapters = Adapters(self._engine, self._spare)

    def _parameters(self, request: Request) -> Any:
        from vllm.sampling_params import RequestOutputKind, SamplingParams, StructuredOutputsParams  # noqa: PLC0415

        held = None
        if request.grammar is not None:
            held = StructuredOutputsParams(grammar=request.grammar)
        elif request.response_schema is not None:
            held = StructuredOutputsParams(json=request.response_schema)
        return SamplingParams(
            max_tokens=request.max_tokens,
            seed=request.seed,
            temperature=request.temperature,
            stop=list(request.stop) or None,
            structured_outputs=held,
            output_kind=RequestOutputKind.FINAL_ONLY,  # otherwise every token is sent to this process
            **self._sampling,
        )


_RUNNING: WeakKeyDictionary[AbstractEventLoop, dict[str, Engine]] = WeakKeyDictionary()
"""Event loop -> key -> engine: an engine can't change its loop. Keyed by the loop itself, since an `id` is reused."""


@contextmanager
def held(key: str, start: Callable[[], Engine]) -> Iterator[None]:
    """Hold the engine of a model in this event loop. The first holder starts it, the last one stops it."""
    here = _RUNNING.setdefault(asyncio.get_running_loop(), {})
    engine = here.get(key) or start()
    here[key] = engine
    engine.holders += 1
    try:
        yield
    finally:
        engine.holders -= 1
        if not engine.holders:
            del here[key]
            engine.stop()


def running(key: str) -> Engine | None:
    """The engine of a model in this event loop; None if nothing holds it."""
    try:
        return _RUNNING.get(asyncio.get_running_loop(), {}).get(key)
    except RuntimeError:  # there is no running loop
        return None


async def _input(engine: Any, ids: Sequence[int]) -> Any:
    """The prompt in the form that the engine takes."""
    prompts = await engine.renderer.render_cmpl_async([{"prompt_token_ids": list(ids)}])
    return prompts[0]


def _arguments(name: str, given: Mapping[str, Any]) -> tuple[Any, bool]:
    """The arguments with which an engine of the model `name` starts, and whether its last slot for adapters must stay
    empty."""
    imported()
    from vllm.config import StructuredOutputsConfig  # noqa: PLC0415 - an extra
    from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: PLC0415 - an extra
    from vllm.platforms import current_platform  # noqa: PLC0415 - an extra

    options: dict[str, Any] = {"disable_log_stats": True, "enable_prefix_caching": True}
    if on_cpu := current_platform.is_cpu():
        # on a CPU, a prompt that is read in chunks loses the seed of its answer, and the request fails
        options["enable_chunked_prefill"] = False
    options |= with_a_spare_slot(dict(given)) if on_cpu else given
    held_by = {"backend": "guidance", **(options.get("structured_outputs_config") or {})}
    try:
        # an object, not a mapping: vLLM writes the reasoning parser into it
        options["structured_outputs_config"] = StructuredOutputsConfig(**held_by)
        arguments = AsyncEngineArgs(model=name, **options)
        arguments.create_model_config()  # only to see whether the model exists, before processes are started
    except refusals(OSError) as error:
        raise UsageError(f"vllm has no model `{name}`: {one_line(error)}") from error
    return arguments, on_cpu
