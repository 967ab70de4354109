"""What actions cost: the span of a term on the public model, in units of a plain term.

`pricer` has the rule. `prediction` counts the span of terms in which nothing depends on values, without valuing them;
`relay.evaluation.span` counts that of the others. `points` has the values of a statement's parameters at which its span
is counted.
"""

from relay.checker.pricing.pricer import Price, Pricer

__all__ = ["Price", "Pricer"]
