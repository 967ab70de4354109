"""A truth: only refutations are told. `relay run alien --truth examples/truth.py:OnlyRefuted -g 3`"""

from relay.schemes.truth import Status, TruthScheme


class OnlyRefuted(TruthScheme):
    """Researchers are told which of their claims are refuted, with the counterexample, and nothing of the others."""

    phenomena: bool = True
    """Whether they are told which phenomena a definition explains."""

    @property
    def tells(self) -> bool:
        """Whether anything is told; prompts say so."""
        return True

    def of_claim(self, verdict):
        """What is told of a claim: a verdict, or None."""
        return verdict if verdict.status is Status.REFUTED else None

    def of_phenomena(self, explained):
        """Which of the phenomena that a definition explains are told, by number; or None."""
        return explained if self.phenomena else None
