"""What a meeting's minutes still lack, as a decision table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.meeting import ChildHeard, Decision, Lacking, Minute, lacking

WHOLE = {
    Minute.DECISION: "continue",
    Minute.CHILD_HEARD: "present",
    Minute.NEXT_ON: "2026-06-16",
}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ()),
        ({Minute.DECISION: ""}, (Lacking.DECISION,)),
        ({Minute.DECISION: "", Minute.NEXT_ON: ""}, (Lacking.DECISION,)),  # it may be about to end
        ({Minute.CHILD_HEARD: ""}, (Lacking.CHILD_HEARD,)),
        ({Minute.CHILD_HEARD: "", Minute.CHILD_HEARD_HOW: "Ja"}, (Lacking.CHILD_HEARD,)),
        ({Minute.CHILD_HEARD: "not"}, (Lacking.WHY_NOT_HEARD,)),
        ({Minute.CHILD_HEARD: "not", Minute.CHILD_HEARD_HOW: "  "}, (Lacking.WHY_NOT_HEARD,)),
        ({Minute.CHILD_HEARD: "not", Minute.CHILD_HEARD_HOW: "Syg"}, ()),
        ({Minute.CHILD_HEARD: "before"}, ()),
        ({Minute.CHILD_HEARD: "by_rating"}, ()),
        ({Minute.NEXT_ON: ""}, (Lacking.NEXT_DATE,)),
        ({Minute.NEXT_ON: "", Minute.DECISION: "adjust"}, (Lacking.NEXT_DATE,)),
        ({Minute.NEXT_ON: "", Minute.DECISION: "end"}, ()),
        ({Minute.NEXT_ON: "", Minute.DECISION: "new_measure"}, ()),
        (
            {Minute.DECISION: "adjust", Minute.CHILD_HEARD: "", Minute.NEXT_ON: ""},
            (Lacking.CHILD_HEARD, Lacking.NEXT_DATE),
        ),
    ],
)
def test_what_is_missing(changes: dict[Minute, str], missing: tuple[Lacking, ...]) -> None:
    assert lacking(WHOLE | changes) == missing


def test_nothing_written_lacks_a_decision_and_the_child() -> None:
    assert lacking({}) == (Lacking.DECISION, Lacking.CHILD_HEARD)


@given(
    st.dictionaries(
        st.sampled_from(Minute), st.sampled_from(["", " ", "ja", *Decision, *ChildHeard, "2026-06-16"])
    ),
    st.sampled_from([one for one in Minute if one not in {Minute.DECISION, Minute.CHILD_HEARD}]),
)
def test_writing_more_never_makes_more_missing(written: dict[Minute, str], field: Minute) -> None:
    assert set(lacking(written | {field: "2026-06-16"})) <= set(lacking(written))
