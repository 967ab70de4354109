"""The measures of a generation, on a graph of five concepts."""

from __future__ import annotations

import pytest

from relay.records.measures import depth_50, depth_weighted_recall

DEPTH = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}


def test_recall_weighs_concepts_by_depth() -> None:
    assert depth_weighted_recall({"a", "e"}, DEPTH) == pytest.approx(4 / 9)
    assert depth_weighted_recall(set(), {}) == 0.0


def test_depth_50_is_the_last_layer_up_to_which_half_is_known() -> None:
    assert [depth_50(found, DEPTH) for found in ("", "a", "ac", "ace", "ce", "abd")] == [0, 1, 2, 3, 0, 2]
