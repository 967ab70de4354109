"""Language models, behind one small interface. One file a provider, imported only when it is used.

`model` is the interface; `mock`, `openai`, `inspect` and `vllm/` are providers. `templates` puts messages into a chat
template, `counting` counts prompts with a tokenizer that is named, `grammars` finds out how a server takes a grammar.
Providers repeat nothing: faults go to the engine, which logs them and asks again.
"""

from agents.models.model import Completion, Model, Request, read_model

__all__ = ["Completion", "Model", "Request", "read_model"]
