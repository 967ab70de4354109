"""The command `relay compare`."""

from __future__ import annotations

from relay.commands import options
from relay.commands.app import Command
from relay.commands.output import print_json, print_view

__all__ = ["COMPARE", "compare"]


def compare(
    places: options.ComparedArgument,
    against: options.AgainstOption = None,
    measure: options.MeasureOption = None,
    by: options.ByOption = None,
    json: options.JsonOption = False,
) -> None:
    """Compare the arms of a study, or of trials that were run one by one.

    Trials are paired by their theory. The endpoint is the one that the study
    named before it ran; another one is marked as chosen afterwards.
    """
    # here, since scipy takes most of a second to load
    from analysis.arms import read_arms
    from analysis.comparison import compare as compared
    from analysis.comparison_view import comparison_record, comparison_view, generations_view
    from relay.records.study import named_primary

    found = compared(read_arms(places, named_primary(places, against, measure)))
    if json:
        print_json(comparison_record(found))
        return
    print_view(comparison_view(found))
    if by is not None:
        print_view(generations_view(found))


COMPARE = Command(
    "compare",
    compare,
    "relay compare runs/schemes",
    "relay compare runs/schemes --by generation",
    "relay compare runs/alien-ledger-s1 runs/alien-journal-s1 runs/alien-ledger-s2 runs/alien-journal-s2",
)
