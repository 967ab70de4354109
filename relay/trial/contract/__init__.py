"""What components must keep, as rules that a test or a command checks on any component, a user's own too.

`rule` has what a rule and a contract are. There is a file for each kind of component: `note_schemes`, `memory_schemes`,
`handover_steps`, `truths`, `interventions` and `agents`, each with a `CONTRACT`. That of tasks is in `relay.commands`,
since it checks what `relay task check` does. `short_trial` runs a component in a short trial, whole, and killed and
resumed. Its researcher is `improviser`, which uses every action of a note scheme, and misuses them, or `reciter`, which
says what it was told to say. `note_subject` and `conversations` are what note and memory schemes are tried on.
"""
