"""The parameters that a user gives to `vllm/...` with `-M`, sorted into those of the engine and those of sampling."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any

from agents.models.vllm.imported import imported, one_line, refusals
from relay.errors import UsageError

__all__ = ["sorted_options"]

OWN = frozenset({"max_tokens", "seed", "temperature", "stop", "structured_outputs", "output_kind", "n"})
"""Sampling parameters that relay sets for each answer. Users can't set them."""


def sorted_options(name: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters of the engine, and those of the sampling of each answer. Raises `UsageError` for parameters that
    vLLM does not know, and for sampling that it refuses."""
    imported()
    from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: PLC0415 - an extra
    from vllm.sampling_params import SamplingParams  # noqa: PLC0415 - an extra

    engine = {field.name for field in dataclasses.fields(AsyncEngineArgs)} - {"model"}
    sampling = {*SamplingParams.__struct_fields__} - OWN
    for option in given:
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
