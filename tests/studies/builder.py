"""Studies for tests."""

from __future__ import annotations

from typing import Any

from relay.records.study import Study


def study(**changes: Any) -> Study:
    """A small study of two note schemes on two theories."""
    plain = {
        "study": "small",
        "condition": {"task": "alien(layers=2)", "generations": 2, "budget": {"evaluations": 300}},
        "vary": {"notes": ["none", "journal"]},
        "seeds": 2,
    }
    return Study.model_validate({**plain, **changes})
