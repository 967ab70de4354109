"""`judge(model=openai/NAME)`: researchers are told a model's opinion of their claims, and never the checker's.

With several models or prompts the judge changes from turn to turn. The judge is asked about every claim that reads,
and its answer must end with `true`, `false` or `undecided`; any other answer is no opinion, and `undecided` is told.
What is explained is told by the engine, as under `shown`: it follows from the rows that everybody sees. The score comes
from the checker all the same, so that the judge's errors can be counted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, field_validator

from relay.checker.verdict import Verdict
from relay.components import build
from relay.records.consulted import OPINION, read_opinion
from relay.records.marks import CopiedFile
from relay.records.spec import ComponentSpec
from relay.records.status import Status
from relay.researcher.model import Model, Request, read_model, title
from relay.researcher.observation import Message
from relay.schemes.outside import Outside, Question
from relay.schemes.truth.judge_prompt import filled_prompt, read_judge_prompt, shipped_prompt
from relay.schemes.truth.scheme import StatedClaim, TruthScheme
from relay.seeds import entropy

__all__ = ["JudgingModel"]

MOST = 16
"""Most models, and most prompts, among which a judge rotates."""
TOLD = {"true": Status.HOLDS, "false": Status.REFUTED, "undecided": Status.UNDECIDED}
"""Opinion -> the status that is told."""


class JudgingModel(TruthScheme):
    """The opinion of a model, or of several in turn, is reported of claims."""

    model: tuple[ComponentSpec, ...] = Field(min_length=1, max_length=MOST)
    """`provider/name`, or a list: then the judge changes from turn to turn."""
    prompt: Annotated[tuple[str, ...], CopiedFile("judge's prompt", shipped=shipped_prompt)] = Field(
        default=("judge",), min_length=1, max_length=MOST, validate_default=True
    )
    """A prompt of relay's own by its name, or the path of a file; or a list: then it changes from turn to turn, and
    every model is asked with every prompt."""
    tokens: int = Field(default=2_048, ge=1)
    """Most tokens of one answer, reasoning included."""
    temperature: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """Sampling temperature."""
    longest: int = Field(default=20_000, ge=1)
    """Most characters of a claim with the definitions that it rests on. Of a longer one nobody is asked, and
    `undecided` is told."""

    @field_validator("model", mode="before")
    @classmethod
    def _resolved(cls, value: Any) -> list[ComponentSpec]:
        several = value if isinstance(value, list | tuple) else [value]
        return [read_model(each) for each in several]

    @field_validator("prompt", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("prompt")
    @classmethod
    def _readable(cls, prompts: tuple[str, ...]) -> tuple[str, ...]:
        for source in prompts:
            read_judge_prompt(source)
        return prompts

    @cached_property
    def _models(self) -> Sequence[Model]:
        return [build("relay.models", spec) for spec in self.model]

    @cached_property
    def _prompts(self) -> Sequence[str]:
        return [read_judge_prompt(source) for source in self.prompt]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Serve the models meanwhile."""
        async with AsyncExitStack() as served:
            for model in self._models:
                await served.enter_async_context(model.served())
            yield

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """None: the checker's verdict is never told."""
        return None

    async def tell(self, stated: StatedClaim, outside: Outside) -> Verdict | None:
        """The judge's opinion."""
        number, way = self._turn(stated)
        text = filled_prompt(
            self._prompts[way], stated.claim, stated.definitions, stated.given, stated.given_text, self.longest
        )
        if text is None:
            return _verdict("undecided")
        request = Request(
            messages=(Message(role="user", content=text),),
            max_tokens=self.tokens,
            seed=int(stated.place.rng(f"judge {stated.claim.key}").integers(2**63)),
            temperature=self.temperature,
        )
        said = await outside.ask(
            Question(
                purpose=OPINION,
                by=title(self.model[number]),
                text=request.model_dump_json(),
                key=stated.claim.key,
                # by its number: the path of a file depends on the folder, and no log may
                manner=f"prompt {way + 1}" if len(self.prompt) > 1 else "",
            ),
            lambda: self._models[number].complete(request),
        )
        return _verdict(read_opinion(said) or "undecided")

    def _turn(self, stated: StatedClaim) -> tuple[int, int]:
        """The places of the model and of the prompt whose turn it is: the trial's seed and the tenure draw the first
        ones of a tenure."""
        place = stated.place
        first = entropy(place.seed, "judge", place.generation, place.tenure)
        number = (first + place.turn) % (len(self.model) * len(self.prompt))
        return number % len(self.model), number // len(self.model)

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """The phenomena themselves: nobody's opinion is needed, since they follow from what is shown."""
        return explained

    @property
    def tells(self) -> bool:
        """True: statuses are reported."""
        return True


def _verdict(opinion: str) -> Verdict:
    status = TOLD[opinion]
    return Verdict(status=status, message=status.value)
