"""The parameters that a user gives to `vllm/...` with `-M`, sorted into those of the engine and those of sampling."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any

from agents.models.vllm.imported import imported, one_line, refusals
from relay.errors import UsageError

__all__ = ["SERVING", "sorted_options"]

OWN = frozenset({"max_tokens", "seed", "temperature", "stop", "structured_outputs", "output_kind", "n"})
"""Sampling parameters that relay sets for each answer. Users can't set them."""

SERVING = frozenset({
    "async_scheduling", "block_size", "cpu_offload_gb", "data_parallel_size", "disable_log_stats",
    "distributed_executor_backend", "download_dir", "enable_chunked_prefill", "enable_prefix_caching", "enforce_eager",
    "gpu_memory_utilization", "kv_cache_memory_bytes", "max_cpu_loras", "max_loras", "max_model_len",
    "max_num_batched_tokens", "max_num_seqs", "max_parallel_loading_workers", "pipeline_parallel_size", "swap_space",
    "tensor_parallel_size",
})  # fmt: skip
"""Parameters of the engine that change its speed, or how long a prompt it takes, and no answer: transport."""

SECRETS = frozenset({"hf_token"})
"""Parameters of the engine that would be written into a trial and must not be."""


def sorted_options(name: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters of the engine, and those of the sampling of each answer. Raises `UsageError` for parameters that
    vLLM does not know, and for sampling that it refuses."""
    imported()
    from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: PLC0415 - an extra
    from vllm.sampling_params import SamplingParams  # noqa: PLC0415 - an extra

    engine = {field.name for field in dataclasses.fields(AsyncEngineArgs)} - {"model"}
    sampling = {*SamplingParams.__struct_fields__} - OWN
    for option in given:
        if option in SECRETS:
            raise UsageError(f"vllm/{name}: {option} would be written into the trial; set HF_TOKEN instead")
        if option not in engine and option not in sampling:
            near = difflib.get_close_matches(option, sorted(engine | sampling), 1)
            mean = f"did you mean `{near[0]}`?" if near else "see the engine arguments in vLLM's documentation"
            raise UsageError(f"vllm/{name} has no parameter `{option}`; {mean}")
    # a parameter that both know goes to the engine
    chosen = {option: value for option, value in given.items() if option not in engine}
    try:
        if chosen.get("logit_bias") is not None:  # a condition is JSON, whose keys are strings
            chosen["logit_bias"] = {int(token): float(bias) for token, bias in chosen["logit_bias"].items()}
        SamplingParams(**chosen)  # only to check them
    except refusals(AttributeError) as error:
        raise UsageError(f"vllm/{name} refuses these sampling parameters: {one_line(error)}") from error
    return {option: value for option, value in given.items() if option in engine}, chosen
