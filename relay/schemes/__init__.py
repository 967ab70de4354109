"""What a study varies between trials: one folder per kind, one file per scheme.

`notes/` (how notes are kept and shown), `memory/` (what survives of a researcher's context), `truth/` (what is reported
to researchers of the checker's findings), `handover/` (steps between the store and a successor). A scheme is a frozen
record without state: the engine logs and carries out its decisions. Schemes never see credit.
"""
