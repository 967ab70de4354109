"""What a study varies between trials: one folder a kind, one file a scheme.

`notes/` (how notes are kept and shown), `memory/` (what survives of a researcher's context), `truth/` (what researchers
learn of the checker's findings), `handover/` (steps between the store and a successor). A scheme is a frozen record
that keeps nothing: the engine logs and carries out what it decides. Schemes never see credit.
"""
