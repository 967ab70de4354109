"""Steps between the note store and a successor, such as controls. None is applied by default.

`step` has the interface: a step gets what could be handed on and a generator, and returns what may be. It changes the
view of one successor and never the store.
"""
