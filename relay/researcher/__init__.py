"""Everything that a researcher sees and can do, and nothing else.

`agent` is the base class, `text_agent` that of agents that read words. `observation` and `prompting` are what is seen,
`turn` and `bench/` what is at hand during one answer, `actions`, `answers` and `json_repair` lead from text to actions.
`tokens` counts where no model does; `disguise` renames the words of a `vocabulary`. This room never imports
`relay.scoring`: no hidden graph, verdict's evidence or credit can be reached from here.
"""
