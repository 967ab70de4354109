"""Statistics of paired comparisons. The unit is the trial, never the generation: a value here is one trial's, or the
difference of two trials on the same theory.

- `paired`: the differences of two arms, with a t interval, an exact sign-flip test and an equivalence test
- `power`: how many pairs a comparison needs, and what a number of pairs can detect
- `bootstrap`: an interval for trials that are grouped by theory
- `bands`: simultaneous bands for curves over generations

What scipy and statsmodels have is theirs. What is written here is tested against published values, and by simulation.
"""
