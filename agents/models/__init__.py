"""Language models behind one small interface. One file per provider, imported only when it is used.

`relay.researcher.model` is the interface, which is exported from here too: not only researchers are asked through it.
`mock`, `openai`, `inspect` and `vllm/` are providers. `templates` puts messages into a chat
template, `counting` counts prompts with a named tokenizer, and `grammars` finds out how a server takes a grammar.
Providers never retry: they raise faults to the engine, which logs them and sends the request again.
"""

from relay.researcher.model import Completion, Model, Request, read_model

__all__ = ["Completion", "Model", "Request", "read_model"]
