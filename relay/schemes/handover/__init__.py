"""Steps between the note store and a successor, such as controls. None is applied by default.

`step` has the interface: a step gets everything that could be handed on and a generator, and returns what is handed on.
It changes the view of one successor and never the store.
"""
