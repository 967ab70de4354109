"""`vllm/org/name`: vLLM's engine in this process, shared by all trials that use the same model.

The engine batches concurrent requests, caches shared prefixes of prompts, and decodes answers with a schema or grammar.
It starts with the first trial that needs it and ends with the last; a study holds it open for all of its trials.
Parameters that the provider does not have itself are passed to the engine (`tensor_parallel_size=2`) or to the sampling
of each answer (`top_p=0.9`), depending on where vLLM knows them.

`provider` is the model as relay sees it. `engine` is one engine and its holders, `adapters` are its loaded weights,
`options` sorts parameters, `wording` has tokenizer, chat template and reasoning, and `imported` imports the package.
"""

from agents.models.vllm.provider import VLLM

__all__ = ["VLLM"]
