"""Words that betray a field of mathematics: those of the notation, and others in what is said of statements."""

from __future__ import annotations

__all__ = ["TELLING"]

TELLING = (
    # words of the notation
    "matrix/matrices", "vector", "scalar", "conj", "field", "reals", "complexes",
    # in its summary, in errors and in counterexamples
    "GF", "affine", "bilinear", "characteristic", "conjugate", "hermitian", "linear",
    "sesquilinear", "subspace", "transpose",
)  # fmt: skip
"""Each as `word`, or `word/plural` where the plural is not the word with an s. All others say nothing."""
