"""Everything that a researcher sees and can do, and nothing else.

`agent` is the base class of researchers, `text_agent` the base of agents that read text. `observation` and `prompting`
are what they see, `turn` and `bench/` what they can use during one answer. `actions`, `answers` and `json_repair` turn
text into actions. `model` is the interface of language models. `tokens` counts tokens for agents without a model.
`disguise` renames the words of a `vocabulary`. This room never imports `relay.scoring`: the hidden graph, a verdict's
evidence and credit can't be reached from here.

What the author of an agent needs can be imported from here ([docs/components.md](../../docs/components.md)).
"""

from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.text_agent import TextAgent
from relay.researcher.turn import TurnContext

__all__ = ["Agent", "Answer", "Message", "TenureView", "TextAgent", "TurnContext"]
