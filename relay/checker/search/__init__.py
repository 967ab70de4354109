"""The search for values that refute a claim, and the tally of findings.

All random draws derive from the hash of the claim. So nobody can know them before the claim is written, and they are
the same on every machine. The number of draws depends on the fuel that the claim takes, never on the clock.
"""
