"""The search for values that refute a claim, and the tally of what was found.

Everything drawn derives from the hash of the claim, so that it is fixed only after the claim is, and is the same on
every machine. How many values are drawn depends on the fuel that the claim takes, never on the clock.
"""
