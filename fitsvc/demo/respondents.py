"""Who rates in a demo case, and on what basis."""

from fitsvc.demo.plots import Plot, Voice
from fitsvc.demo.rows import Rows, at, key
from fitsvc.demo.stage import CaseStage
from fitsvc.demo.words import SHARING_BASIS, SHARING_SCOPE
from fitsvc.domain.rater import PARALLEL_ROLES, RaterRole
from fitsvc.storage.respondents import Person, Respondent, SharingBasis


def add_person(rows: Rows, stage: CaseStage, voice: Voice, number: int) -> Person:
    """Somebody who rates. Siblings share their parent: `build` adds each person once."""
    has_mail = voice.role is not RaterRole.CHILD
    return Person(
        id=key("person", voice.person or f"{stage.plot.nick}/{number}"),
        name=voice.name,
        email=f"{key('mail', voice.name).hex[:6]}@example.org" if has_mail else None,
        language=voice.language,
        informed_at=at(stage.first_day, 9) if voice.course else None,
        created_at=stage.case.created_at,
    )


def add_respondent(rows: Rows, stage: CaseStage, voice: Voice, number: int) -> Respondent:
    respondent = rows.add(
        Respondent(
            id=key("respondent", stage.plot.nick, number),
            case_id=stage.case.id,
            person_id=key("person", voice.person or f"{stage.plot.nick}/{number}"),
            rater_role=voice.role,
            setting=voice.setting,
            label=_label(stage.plot, voice),
            has_custody=voice.custody if voice.role is RaterRole.PARENT else None,
            started_on=stage.first_day,
            ended_on=stage.case.closed_on,
            created_at=stage.case.created_at,
        )
    )
    if voice.role in PARALLEL_ROLES:
        rows.add(
            SharingBasis(
                id=key("sharing", respondent.id),
                respondent_id=respondent.id,
                basis=SHARING_BASIS,
                sharing_scope=SHARING_SCOPE,
                decided_on=stage.first_day,
                family_told_on=stage.first_day,
                recorded_by_id=stage.recorded_by_id,
                created_at=at(stage.first_day, 10),
            )
        )
    return respondent


def _label(plot: Plot, voice: Voice) -> str:
    """Which child an adult rates, chosen so that nobody else could tell."""
    if voice.role is RaterRole.CHILD:
        return ""
    return f"{plot.nick[0]}. ({voice.setting})" if voice.role in PARALLEL_ROLES else f"Barnet {plot.nick[0]}."
