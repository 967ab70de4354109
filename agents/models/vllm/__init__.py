"""`vllm/org/name`: vLLM's engine in this process, shared by all trials that ask for the same model.

The engine batches what is asked of it at any moment, keeps the prefixes that prompts share, and holds answers to a
schema or grammar. It starts when the first trial is at work, and ends with the last; a study holds it open over all of
its trials. Parameters that are not the provider's own go to the engine (`tensor_parallel_size=2`) or to the sampling of
each answer (`top_p=0.9`), wherever vLLM knows them.

`provider` is the model as relay sees it, `engine` one engine and who holds it, `adapters` the weights that are loaded,
`options` sorts parameters, `wording` has tokenizer, chat template and reasoning, `imported` the package itself.
"""

from agents.models.vllm.provider import VLLM

__all__ = ["VLLM"]
