"""Everything that a researcher sees and can do, and nothing else.

`agent` is the base class of researchers, `text_agent` the base of agents that read text. `observation` and `prompting`
are what they see, `turn` and `bench/` what they can use during one answer. `actions`, `answers` and `json_repair` turn
text into actions. `model` is the interface of language models. `tokens` counts tokens for agents without a model.
`disguise` renames the words of a `vocabulary`. This room never imports `relay.scoring`: the hidden graph, a verdict's
evidence and credit can't be reached from here.
"""
