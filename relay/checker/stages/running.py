"""Runs the stages of a table, in order, until nothing that is still to be tried can change the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from relay.checker.cases import Case
from relay.checker.stages.inquiry import Inquiry
from relay.checker.stages.stage import ExploringStage, ReasoningStage, SearchStage, StageTable
from relay.evaluation.algebra.base import Algebra


def run_stages(table: StageTable, inquiry: Inquiry) -> None:
    """Run those that apply; what is found goes to the tally. Whether a stage applies is decided when its turn comes,
    and its fields are chosen before its cases."""
    for stage in table.stages:
        if inquiry.tally.settled:
            return
        if not stage.when(inquiry):
            continue
        if isinstance(stage, ReasoningStage):
            stage.step(inquiry)
        elif isinstance(stage, SearchStage):
            _search(stage, inquiry)
        else:
            _explore(stage, inquiry)


def _search(stage: SearchStage, inquiry: Inquiry) -> None:
    if not stage.apart:
        _search_in(stage, inquiry, tuple(stage.fields(inquiry)))
        return
    for field in stage.fields(inquiry):
        _search_in(stage, inquiry, (field,))
        if inquiry.tally.settled or (stage.until is not None and stage.until(inquiry)):
            return


def _search_in(stage: SearchStage, inquiry: Inquiry, fields: Sequence[Algebra]) -> None:
    if not fields:
        return
    cases = stage.cases(inquiry)[: stage.most]
    if stage.affordable is not None:
        cases = _affordable(inquiry, fields[0], cases, stage.affordable)
    lanes = stage.values.of(inquiry, fields)
    inquiry.search.search(stage.name, fields, cases, lanes, stage.exhaust, stage.build)


def _explore(stage: ExploringStage, inquiry: Inquiry) -> None:
    if not stage.apart:
        fields = tuple(stage.fields(inquiry))
        lanes = stage.values.of(inquiry, fields)
        inquiry.search.explore(stage.name, fields, stage.ladders(inquiry), lanes, stage.fuel)
        return
    for field in stage.fields(inquiry):
        ladders = stage.ladders(inquiry)
        if stage.affordable is not None:
            ladders = [_affordable(inquiry, field, ladder, stage.affordable) for ladder in ladders]
        lanes = stage.values.of(inquiry, (field,))
        passed = inquiry.search.explore(stage.name, (field,), ladders, lanes, stage.fuel)
        if inquiry.tally.settled or (stage.stops and not passed):
            return
        if stage.unpassed is not None and not any(min(case.values(), default=1) > 0 for case in passed):
            stage.unpassed(inquiry)


def _affordable(inquiry: Inquiry, field: Algebra, cases: Sequence[Case], most: int) -> tuple[Case, ...]:
    """The cases at which a value is expected to cost at most so many nodes."""
    return tuple(case for case in cases if inquiry.search.costs.forecast(field, case) <= most)
