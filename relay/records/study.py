"""A study as its file describes it, and as it was laid out: which arms it has, and where their trials are.

The file names what is compared, and the endpoint that decides, before anything runs. The layout, `study.json`, is
written beside the trials, so that whoever analyses them needs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, StrictInt, ValidationError, field_validator, model_validator
from ruamel.yaml.error import YAMLError

from relay.errors import UsageError
from relay.records.files import read_whole
from relay.records.record import Record
from relay.records.user_files import read_user_file
from relay.records.yaml_text import read_yaml

__all__ = [
    "LAYOUT",
    "MEASURES",
    "ArmRecord",
    "Primary",
    "Study",
    "StudyLayout",
    "TrialRecord",
    "named_primary",
    "read_layout",
]

LAYOUT = "study.json"
"""The file with the layout of a study, in its directory."""

MEASURES = tuple(
    f"{of}{measure}"
    for of in ("established_", "", "without_leaps_")
    for measure in ("depth_weighted_recall", "depth_50")
)
"""The measures that can be a study's endpoint: those of a generation's end that count concepts."""

MOST_SEEDS = 1_000_000
MOST_SEED = 2**53
_MEMBER = re.compile(r"^int$|^list\[|^dict\[|^constrained")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

FIELDS = (
    "task", "agent", "model", "model_options", "grammar", "disguise", "personas", "notes", "memory", "truth",
    "handover", "interventions", "generations", "width", "budget", "prices",
)  # fmt: skip
"""The fields of the condition in a study's file: what the options of `relay run` are called."""

NESTED = ("task", "agent", "model", "notes", "memory", "truth", "budget")
"""The fields of which an axis can set a part, as `notes.cap`."""


class Primary(Record):
    """The endpoint that decides a study, named before it runs."""

    measure: Literal[MEASURES] = "established_depth_weighted_recall"  # type: ignore[valid-type]
    """A measure of a generation's end."""
    over: Literal["last", "mean"] = "last"
    """Whether the measure after the last generation counts, or its mean over generations."""
    against: str = ""
    """The arm that the others are compared with; empty: `flat` if the study has it, else the first arm."""
    margin: float = Field(default=0.02, gt=0, lt=1)
    """Two arms are tied if the interval of their difference lies within ± this."""
    level: float = Field(default=0.95, gt=0.5, lt=1)
    """The level of intervals."""


class Study(Record):
    """A study's file."""

    study: str
    """Its name: letters, digits, dots, hyphens and underscores."""
    question: str = Field(default="", max_length=4_000)
    """What it asks, for the reader."""
    condition: dict[str, Any]
    """What all arms share, in the words of `relay run`."""
    vary: dict[str, list[Any] | dict[str, dict[str, Any]]] = {}
    """Axis -> its values. An axis is a field of the condition, or a part of one such as `notes.cap`; or any name whose
    values are labels, each with the fields that it sets. Arms are all combinations of values."""
    seeds: StrictInt | list[StrictInt] = Field(default=8)
    """The number of theories, with the seeds 1, 2, ...; or their seeds."""
    replicates: int = Field(default=1, ge=1, le=1_000)
    """Trials of each arm on each theory."""
    controls: list[str | dict[str, Any]] = []
    """Names of controls, for every arm; or `{control: NAME, of: [ARM, ...]}` for some."""
    primary: Primary = Primary()

    @field_validator("study")
    @classmethod
    def _named(cls, study: str) -> str:
        if not _NAME.fullmatch(study):
            raise ValueError("a name has letters, digits, dots, hyphens and underscores, and at most 64 characters")
        return study

    @field_validator("primary", mode="before")
    @classmethod
    def _measure_alone(cls, primary: Any) -> Any:
        return {"measure": primary} if isinstance(primary, str) else primary

    @model_validator(mode="after")
    def _sound(self) -> Study:
        seeds = self.theories
        if not seeds:
            raise ValueError("seeds: there are none; give how many theories, as `seeds: 8`, or a list of seeds")
        if len(set(seeds)) < len(seeds):
            twice = next(seed for place, seed in enumerate(seeds) if seed in seeds[:place])
            raise ValueError(f"seeds: {twice} is given twice; each theory counts once")
        strange = next((seed for seed in seeds if not 0 <= seed <= MOST_SEED), None)
        if strange is not None:
            raise ValueError(f"seeds: {strange} is no seed; give numbers from 0 to 2**53")
        if "seed" in self.condition:
            raise ValueError("condition: the seed is no part of it; give `seeds` beside it")
        for field in self.condition:
            _known(field, "condition")
        for axis, values in self.vary.items():
            if not values:
                raise ValueError(f"vary: the axis `{axis}` has no values")
            if isinstance(values, dict):
                for settings in values.values():
                    for field in settings:
                        _known(field, f"vary: {axis}")
            else:
                _known(axis, "vary")
        return self

    @property
    def theories(self) -> list[int]:
        """The seeds of its theories."""
        if isinstance(self.seeds, list):
            return self.seeds
        if not 0 <= self.seeds <= MOST_SEEDS:
            raise ValueError(f"seeds: {self.seeds} is no number of theories from 1 to {MOST_SEEDS:,}")
        return list(range(1, self.seeds + 1))

    @classmethod
    def read(cls, path: Path) -> Study:
        """Read a study's file. Raises `UsageError`, in one line that names the field, if it is none."""
        try:
            data = read_yaml(read_user_file(path))
        except OSError as error:
            raise UsageError(
                f"the study {path} can't be read: {error.strerror or error}; `relay study new NAME` writes one"
            ) from None
        except (YAMLError, ValueError) as error:
            raise UsageError(f"the study {path} is not YAML: {_words(error)}") from None
        if not isinstance(data, Mapping):
            raise UsageError(f"the study {path} is no mapping of fields; `relay study new NAME` writes one")
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise UsageError(f"the study {path}: {_told(error)}") from None


def _known(field: str, where: str) -> None:
    """Raise `ValueError` if a condition has no field of this name."""
    whole, dot, part = field.partition(".")
    if whole == "seed":
        raise ValueError(f"{where}: the seed is no axis; theories are drawn from `seeds`")
    if whole not in FIELDS:
        raise ValueError(f"{where}: a condition has no field `{whole}`; it has {', '.join(FIELDS)}")
    if dot and (whole not in NESTED or not part):
        raise ValueError(f"{where}: `{whole}` has no parts to set, so `{field}` is none")


def _told(error: ValidationError) -> str:
    found = min(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
    # of a union pydantic also names the member that did not fit
    place = ".".join(str(part) for part in found["loc"] if isinstance(part, int) or not _MEMBER.search(part))
    if found["type"] == "extra_forbidden":
        return f"there is no field `{place}`; a study has {', '.join(Study.model_fields)}"
    if found["type"] == "missing":
        return f"it needs the field `{place}`"
    message = " ".join(found["msg"].removeprefix("Value error, ").split())
    return f"{place}: {message}" if place else message


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


class ArmRecord(Record):
    """An arm of a study as it was laid out."""

    name: str
    settings: dict[str, Any]
    """Axis -> the label of its value."""
    control: str = ""
    """The control that makes the arm, as it was spelt; empty for an arm of the grid."""
    of: str = ""
    """The arm that it is a control of; empty for others, and for controls of all."""
    aliases: tuple[str, ...] = ()
    """Other names under which the study asked for the same arm."""


class TrialRecord(Record):
    """A trial of a study as it was laid out."""

    arm: str
    theory: int
    """The seed of its theory."""
    replicate: int
    """From 1."""
    directory: str
    """In the study's directory, with `/` between its parts."""
    condition: str
    """SHA-256 of the resolved condition's canonical JSON."""


class StudyLayout(Record):
    """What a study's directory holds: `study.json`."""

    v: int = 1
    study: Study
    arms: tuple[ArmRecord, ...]
    """The first is the reference that the others are compared with."""
    trials: tuple[TrialRecord, ...]

    @property
    def reference(self) -> str:
        """The arm that the others are compared with."""
        return self.study.primary.against or next(
            (arm.name for arm in self.arms if arm.control == "flat"), self.arms[0].name
        )


def read_layout(directory: Path) -> StudyLayout:
    """Read the layout of the study in a directory. Raises `UsageError` if there is none."""
    path = directory / LAYOUT
    if not path.is_file():
        raise UsageError(f"{directory} holds no study: it has no {LAYOUT}; run one with `relay study run FILE`")
    try:
        return StudyLayout.model_validate_json(read_whole(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "its top"
        raise UsageError(f"{path} is no layout of a study: {place}: {first['msg']}; restore it") from None


def named_primary(places: Sequence[Path], against: str | None, measure: str | None) -> Primary | None:
    """Return the endpoint of a comparison with what is given in place of the study's own; None if nothing is. Raises
    `UsageError` if there is no such measure."""
    if against is None and measure is None:
        return None
    own = read_layout(places[0]).study.primary if len(places) == 1 else Primary()
    if measure is not None and measure not in MEASURES:
        raise UsageError(f"there is no endpoint `{measure}`; there are {', '.join(MEASURES)}")
    changed = {"against": against, "measure": measure}
    return own.model_copy(update={key: value for key, value in changed.items() if value is not None})
