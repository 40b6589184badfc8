"""Who rates, as the paper and the agenda call them; who is silent, and who sees an area differently."""

from collections import Counter
from datetime import date
from uuid import UUID

from fitsvc.domain.agenda import MOST_QUESTIONS, Gap, Question, questions
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.report_lines import MissingLine, Rater
from fitsvc.services.case_facts import CaseTrajectories

Raters = dict[UUID, Rater]
"""What a page calls each respondent."""


def name_raters(facts: CaseTrajectories) -> Raters:
    """Each respondent by role and setting; the how-manyeth of its role where that would not tell two apart."""
    of_role = Counter(one.rater_role for one in facts.respondents)
    alike = Counter((one.rater_role, one.setting) for one in facts.respondents)
    seen: Counter[RaterRole] = Counter()
    found = {}
    for one in facts.respondents:
        seen[one.rater_role] += 1
        number = seen[one.rater_role] if alike[one.rater_role, one.setting] > 1 else 0
        found[one.id] = Rater(one.rater_role, one.setting, number, of_role[one.rater_role] == 1)
    return found


def missing_voices(facts: CaseTrajectories, raters: Raters) -> tuple[MissingLine, ...]:
    """Those whose answer is awaited and has not come, longest silence first; never asked last."""
    found = []
    for series in facts.totals:
        latest = series.points[-1].on if series.points else None
        awaited = [
            day
            for day in (*series.missed, *series.due)
            if day < facts.today and (latest is None or day > latest)
        ]
        if series.is_current and (awaited or latest is None):
            found.append(MissingLine(raters[series.respondent_id], min(awaited, default=None)))
    return tuple(sorted(found, key=lambda line: line.since or date.max))


def discrepancy_questions(
    facts: CaseTrajectories, raters: Raters, *, most: int = MOST_QUESTIONS
) -> tuple[Question, ...]:
    """One question for each area that is seen differently, the largest difference first."""
    gaps = [
        Gap(
            one.area,
            raters[one.low.respondent_id],
            one.low.value,
            raters[one.high.respondent_id],
            one.high.value,
            one.change,
        )
        for one in facts.discrepancies
    ]
    return questions(gaps, of_role=Counter(one.role for one in raters.values()), most=most)
