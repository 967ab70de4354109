"""An engine of vLLM in this process: who holds it, what it is asked, and its death."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from agents.models.model import Request
from agents.models.vllm.adapters import Adapters, dead, with_a_spare_slot
from agents.models.vllm.imported import imported, one_line, refusals
from relay.errors import MachineFault, UsageError

__all__ = ["Engine", "held", "running"]


class Engine:
    """One that runs, or that died and is started again for whoever asks next."""

    def __init__(self, name: str, options: Mapping[str, Any], sampling: Mapping[str, Any]) -> None:
        """Starts it. `sampling` is that of every answer. Raises `UsageError` for what a user can mend."""
        self._name, self._sampling = name, dict(sampling)
        self._arguments, self._spare = _arguments(name, options)
        self._requests = count()
        self.holders = 0
        """How many need it; the last one stops it."""
        self._engine: Any = None
        self._adapters: Any = None
        try:
            self._start()
        except refusals(OSError, RuntimeError) as error:
            raise UsageError(f"vllm can't start `{name}`: {one_line(error)}; it said more above") from error

    def context(self) -> int | None:
        """Tokens of a prompt and its answer together."""
        return None if self._engine is None else int(self._engine.model_config.max_model_len)

    async def forget(self) -> None:
        """Empty its store of prefixes."""
        if self._engine is not None:
            await self._engine.reset_prefix_cache()

    async def generate(self, ids: Sequence[int], request: Request) -> Any:
        """The output of one request, when it is done."""
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
                raise UsageError(f"vllm/{self._name} can't be asked this: {one_line(error)}") from error
        if last is None or not last.finished or last.outputs[0].finish_reason == "abort":
            raise MachineFault("the engine gave the answer up", kind="engine")
        return last

    def stop(self) -> None:
        """Whoever still waits for it hears that it is dead: vLLM tells them only of a death of its own."""
        from vllm.v1.engine.exceptions import EngineDeadError  # noqa: PLC0415 - an extra

        engine, self._engine, self._adapters = self._engine, None, None
        if engine is not None:
            engine.output_processor.propagate_error(EngineDeadError())
            engine.shutdown()

    def _alive(self) -> Any:
        """The engine; a new one where it died."""
        if self._engine is not None and self._engine.errored:
            self.stop()
        if self._engine is None:
            if not self.holders:
                raise UsageError(f"vllm/{self._name} is asked before it is served")
            try:
                self._start()
            except refusals(OSError, RuntimeError) as error:
                raise MachineFault(f"the engine does not start again: {one_line(error)}", kind="engine") from error
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
            output_kind=RequestOutputKind.FINAL_ONLY,  # else this process is told of every token
            **self._sampling,
        )


_RUNNING: WeakKeyDictionary[AbstractEventLoop, dict[str, Engine]] = WeakKeyDictionary()
"""Engines don't move between event loops. By the loop itself: its `id` may be another's when it has ended."""


@contextmanager
def held(key: str, start: Callable[[], Engine]) -> Iterator[None]:
    """The engine of a model in this event loop, started by who needs it first and stopped by who leaves last."""
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
    """The engine of a model in this event loop, where somebody holds it."""
    try:
        return _RUNNING.get(asyncio.get_running_loop(), {}).get(key)
    except RuntimeError:  # there is no loop
        return None


async def _input(engine: Any, ids: Sequence[int]) -> Any:
    """The prompt as the engine takes it."""
    prompts = await engine.renderer.render_cmpl_async([{"prompt_token_ids": list(ids)}])
    return prompts[0]


def _arguments(name: str, given: Mapping[str, Any]) -> tuple[Any, bool]:
    """Those of an engine, and whether its last slot for adapters has to stay empty."""
    imported()
    from vllm.config import StructuredOutputsConfig  # noqa: PLC0415 - an extra
    from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: PLC0415 - an extra
    from vllm.platforms import current_platform  # noqa: PLC0415 - an extra

    options: dict[str, Any] = {"disable_log_stats": True, "enable_prefix_caching": True}
    if on_cpu := current_platform.is_cpu():
        # there a prompt that is read in pieces loses the seed of its answer, and fails
        options["enable_chunked_prefill"] = False
    options |= with_a_spare_slot(dict(given)) if on_cpu else given
    held_by = {"backend": "guidance", **(options.get("structured_outputs_config") or {})}
    try:
        options["structured_outputs_config"] = StructuredOutputsConfig(**held_by)  # a reasoning parser goes into it
        arguments = AsyncEngineArgs(model=name, **options)
        arguments.create_model_config()
    except refusals(OSError) as error:
        raise UsageError(f"vllm has no model `{name}`: {one_line(error)}") from error
    return arguments, on_cpu
