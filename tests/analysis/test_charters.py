"""How charters were kept, as `relay show` tells it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from analysis.charters import charter_words, charters_words
from analysis.generation_view import one_generation
from analysis.labels import titles
from analysis.summary import trial_summary
from analysis.terminal import overview
from analysis.trials import read_trial
from relay.records.kept import CharterKept, TenureKept
from tests.trial.characters import HERE as CHARACTERS
from tests.trial.helpers import condition, run


def printed(view: object) -> str:
    out = StringIO()
    Console(width=400, file=out).print(view)
    return out.getvalue()


def kept(generation: int, *told: str, given: bool = False, failed: str = "") -> CharterKept:
    """An event with the shares `kept/chances` of its tenures; `failed` is said of the first."""
    tenures = []
    for number, share in enumerate(told, 1):
        of, chances = map(int, share.split("/"))
        why = failed if number == 1 else ""
        tenures.append(TenureKept(tenure=number, given=given and number == 1, chances=chances, kept=of, failed=why))
    return CharterKept(generation=generation, by="mine", place=2, tenures=tuple(tenures))


def test_show_tells_each_charter_by_generation(tmp_path: Path) -> None:
    agent = {"name": f"{CHARACTERS}:Character", "parameters": {"manner": "forgetter"}}
    steps = ["never_strike(when=2)", "shuffled", "mark_unchecked"]
    run(tmp_path / "a", condition(agent, handover=steps, truth="hidden", width=2, generations=4))
    trial = read_trial(tmp_path / "a")
    text = printed(overview(trial))
    assert "charter never_strike: kept 2 of 6 chances; given to generations 1, 3; by generation: - 0/2 2/2 0/2" in text
    assert "charter mark_unchecked: kept 4 of 8 chances; given to generation 1; by generation: 2/2 0/2 2/2 0/2" in text
    first = printed(one_generation(trial, trial.row(3)))
    lines = [" ".join(line.split()) for line in first.splitlines()]
    assert "charter never_strike kept 2 of 2 chances; given" in lines
    assert "charter mark_unchecked kept 2 of 2 chances; given to none" in lines
    data = trial_summary(trial)
    strike, mark = data["charters"]
    assert strike == {
        "place": 1, "by": "never_strike", "chances": 6, "kept": 2, "share": 1 / 3, "given_to": [1, 3],
    }  # fmt: skip
    assert (mark["place"], mark["given_to"]) == (3, [1])
    told = data["generations"][0]["charters"][0]
    assert (told["chances"], told["share"], told["given"]) == (0, None, 2)
    assert told["tenures"][1] == {"tenure": 2, "given": True, "chances": 0, "kept": 0, "failed": None}
    # the rule is told where it was given, and not in full above every view
    assert "rule=Never strike, delete, edit or rewrite a..." in titles(trial.named)[1]


def test_words_of_charters() -> None:
    assert charter_words(kept(1, "1/2", "0/1", given=True)) == "kept 1 of 3 chances; given to 1 of 2"
    assert charter_words(kept(1, "0/0")) == "no chances; given to none"
    assert charter_words(kept(1, "0/0", "1/1", failed="KeyError: 'a'")) == (
        "kept 1 of 1 chance; given to none; it could not tell of 1 tenure: KeyError: 'a'"
    )
    many = [[kept(number, "1/1", given=True)] for number in range(1, 21)]
    assert charters_words(many) == [
        "charter mine: kept 20 of 20 chances; given to generations 1 to 20; in the last 16 generations: "
        + " ".join(["1/1"] * 16)
    ]
    assert charters_words([[], []]) == []
