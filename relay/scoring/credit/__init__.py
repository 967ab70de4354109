"""Credit: from a definition to the hidden concepts that it is a form of, from a claim to the laws that it states.

`recognition` is the entry point. `signatures` finds forms of the same type. `agreement` compares values at
`comparison_points`, on values from `sampling`, up to a declared `symmetry`. `agreement_claim` has the checker try to
refute that the two agree. `laws` compares claims, and `sampler_quality` measures a form's sampler. Credit is never
reported to researchers, and no verdict depends on it.
"""
