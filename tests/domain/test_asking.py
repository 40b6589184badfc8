import pytest

from fitsvc.domain.asking import Hindrance, hindrance, needs_basis
from fitsvc.domain.rater import RaterRole

SHARING, CUSTODY = Hindrance.SHARING_NOT_RECORDED, Hindrance.NO_CUSTODY


@pytest.mark.parametrize(
    ("role", "has_custody", "has_basis", "expected"),
    [
        (RaterRole.CHILD, None, False, None),
        (RaterRole.PARENT, True, False, None),
        (RaterRole.PARENT, False, False, CUSTODY),
        (RaterRole.PARENT, False, True, None),
        (RaterRole.FOSTER_PARENT, None, False, None),
        (RaterRole.TEACHER, None, False, SHARING),
        (RaterRole.TEACHER, None, True, None),
        (RaterRole.PEDAGOGUE, None, False, SHARING),
        (RaterRole.HEALTH_VISITOR, None, False, SHARING),
        (RaterRole.PRACTITIONER, None, False, None),
        (RaterRole.CASEWORKER, None, False, None),
    ],
)
def test_who_may_be_asked(
    role: RaterRole, has_custody: bool | None, has_basis: bool, expected: Hindrance | None
) -> None:
    found = hindrance(role, has_custody, has_basis=has_basis, has_ended=False, case_closed=False)
    assert found is expected
    assert has_basis or needs_basis(role, has_custody) is (expected is not None)


def test_nobody_is_asked_in_a_closed_case_or_after_they_left() -> None:
    def found(**state: bool) -> Hindrance | None:
        return hindrance(RaterRole.CHILD, None, has_basis=True, **state)

    assert found(has_ended=False, case_closed=True) is Hindrance.CASE_CLOSED
    assert found(has_ended=True, case_closed=False) is Hindrance.RESPONDENT_ENDED
