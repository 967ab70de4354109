"""What was told of claims, against the checker, and how false statements spread in the notes."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from analysis.drift import Drift, DriftCount
from analysis.intervals import share_interval
from analysis.opinions import OpinionCount, Opinions, ToldClaims
from relay.records.consulted import OPINION, Consulted
from relay.records.events import AnyEvent, GenerationEnded, Judged, NoteChanged, NoteRef
from relay.records.intervened import Intervened


@pytest.mark.parametrize(("count", "of"), [(0, 1), (1, 1), (0, 40), (40, 40), (3, 10), (12, 40), (299, 1_000)])
def test_the_interval_is_that_of_wilson(count: int, of: int) -> None:
    expected = binomtest(count, of).proportion_ci(method="wilson")
    assert share_interval(count, of) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_without_cases_nothing_is_known_of_a_share() -> None:
    assert share_interval(0, 0) == (0.0, 1.0)


def claim(key: str, status: str, told: str | None, tenure: int = 1) -> Judged:
    return Judged(key=key, kind="claim", source=key, status=status, told=told, message="", tenure=tenure)


def said(key: str, text: str, by: str = "a/b", tenure: int = 1) -> Consulted:
    return Consulted(purpose=OPINION, by=by, request="", key=key, text=text, tokens_in=5, tokens_out=2, tenure=tenure)


def counted(*events: AnyEvent) -> Opinions:
    count = OpinionCount()
    for event in events:
        if isinstance(event, Consulted):
            count.consult(event)
        elif isinstance(event, Judged):
            count.judge(event)
    return count.opinions()


def test_errors_are_counted_by_what_the_checker_said() -> None:
    found = counted(
        claim("a", "refuted", "holds"), claim("b", "refuted", "refuted"), claim("c", "refuted", "undecided"),
        claim("d", "proved", "refuted"), claim("e", "holds", "holds"), claim("f", "undecided", "holds"),
        claim("g", "trivial", "holds"), claim("h", "refuted", None),
        Judged(source="", status="ill_formed", told="ill_formed", message=""),
        Judged(key="d", kind="define", source="", status="defined", told="defined", message=""),
    ).counted  # fmt: skip
    assert found == ToldClaims(false=3, accepted_false=1, true=2, refused_true=1, open=2, no_opinion=1)
    record = found.record()
    assert record["false_acceptances"] == {"count": 1, "of": 3, "rate": 1 / 3, "interval": list(share_interval(1, 3))}
    assert record["false_refusals"]["of"] == 2
    assert "told true 1 of 3 false claims (33%, 95% interval 6% to 79%)" in found.words()


def test_each_judge_is_counted_on_its_own() -> None:
    found = counted(
        said("a", "true", "m/1"), said("b", "what?", "m/2", tenure=2), claim("b", "refuted", "undecided", tenure=2),
        claim("a", "refuted", "holds"), claim("c", "refuted", "refuted"), said("x", "true", "m/2"),
        claim("y", "proved", "refuted"),
    )  # fmt: skip
    assert found.judges == {
        ("m/1", ""): ToldClaims(false=1, accepted_false=1),
        ("m/2", ""): ToldClaims(false=1, no_opinion=1, unreadable=1),
    }
    assert found.counted == ToldClaims(
        false=3, accepted_false=1, true=1, refused_true=1, no_opinion=1, unreadable=1
    )  # fmt: skip
    assert {by: tally.requests for by, tally in found.outside.items()} == {"m/1": 1, "m/2": 2}
    twice = Opinions.together([found, found])
    assert twice.judges["m/2", ""].unreadable == 2 and twice.outside["m/2"].tokens_in == 20
    assert [line.split(":")[0] for line in found.lines("EUR")] == [
        "claims", "  by m/1", "  by m/2", "asked m/1 1 time", "asked m/2 2 times",
    ]  # fmt: skip


def test_where_the_checker_is_told_there_is_nothing_to_say() -> None:
    found = counted(claim("a", "refuted", "refuted"), claim("b", "proved", "proved"), claim("c", "trivial", "trivial"))
    assert found.record() is None and found.lines(None) == []


def drift(*events: AnyEvent) -> Drift:
    count = DriftCount()
    for event in events:
        count.take(event)
    return count.drift()


def defined(key: str, **calls: str) -> Judged:
    return Judged(key=key, kind="define", source="", status="defined", message="", rests_on=calls)


def note(id: str, *keys: str, version: int = 1, parents: tuple[str, ...] = (), applied: bool = True) -> NoteChanged:
    refs = tuple(NoteRef(id=parent, version=1) for parent in parents)
    return NoteChanged(
        id=id, version=version, author="g1-t1", text="x" if keys else "", statements=keys, parents=refs, applied=applied
    )


def ended() -> GenerationEnded:
    return GenerationEnded.model_construct(type="generation_ended")


def test_a_false_claim_stands_until_its_note_is_struck() -> None:
    wrong, right = claim("w", "refuted", None), claim("r", "proved", None)
    start = (wrong, right, note("1", "w"), note("2", "r"), note("3", "w"), ended())
    assert drift(*start) == Drift(standing=2, false=1, resting=0)
    assert drift(*start, note("1")) == Drift(standing=2, false=1, resting=0)
    assert drift(*start, note("1"), note("3")) == Drift(standing=1, false=0, resting=0)
    assert drift(wrong, note("1", "w", applied=False)) == Drift()
    # what stands beside it does not rest on it
    assert drift(*start, note("1", "w", "r", version=2, parents=("1",))) == Drift(standing=2, false=1, resting=0)


def test_what_derives_from_a_note_with_a_false_claim_rests_on_it() -> None:
    events = (
        claim("w", "refuted", None), note("1", "w"), ended(),
        defined("a"), note("2", "a", parents=("1",)), ended(),
        defined("b"), defined("c"), note("3", "b", parents=("2",)), note("4", "c", parents=("4",)), ended(),
    )  # fmt: skip
    assert drift(*events) == Drift(standing=4, false=1, resting=2)
    # also when the false claim is gone, and in later versions
    assert drift(*events, note("1"), defined("d"), note("3", "d", version=2, parents=("3",))) == Drift(3, 0, 2)


def test_what_calls_a_planted_error_rests_on_it_through_others_too() -> None:
    planted = Intervened(
        by="planted", place=1, role="error", key="w", kind="define", source="", status="defined", message="", note="1"
    )
    fair = planted.model_copy(update={"role": "textbook", "key": "t"})
    events = (planted, fair, note("1", "w"), note("5", "t"), ended())
    assert drift(*events) == Drift(standing=2, false=1, resting=0)
    later = (defined("a", f="w"), defined("b", g="a"), defined("c", h="t"), claim("l", "proved", None), note("2", "b"))
    assert drift(*events, *later, note("3", "c"), note("4", "l"), ended()) == Drift(standing=5, false=1, resting=1)
    # the middle one is known though no note holds it, and the error counts though it stands nowhere any more
    assert drift(*events, *later, ended(), note("1")) == Drift(standing=2, false=0, resting=1)
