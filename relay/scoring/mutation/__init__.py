"""How well a task's laws pin its definitions down: corrupt a definition, and ask whether a law notices."""
