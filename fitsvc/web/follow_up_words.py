"""The proposed follow-up date in words: which day, and why that one."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.cadence import ChoiceReason, Interval
from fitsvc.domain.follow_up import FollowUpClock
from fitsvc.services.follow_up_dates import CountedFrom, ProposedDate
from fitsvc.web.templates import day

LONG_DAY = "EEEE d. MMMM yyyy"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The date to print ("" when somebody must choose), how a form would take it, and the reasons as sentences."""

    day: str
    typed: str
    reasons: tuple[str, ...]


def proposal(proposed: ProposedDate, *, waits_for_leader: bool = False, without: bool = False) -> Proposal:
    """`waits_for_leader`: a rhythm was chosen that does not count yet; `without`: no standard was chosen on purpose."""
    if without and proposed.day is None:
        return Proposal(
            "", "", (_("No meeting is planned, unless you choose a date or a rhythm for this case."),)
        )
    reasons = [_choice(proposed.choice)] if proposed.choice else [_rule(proposed)]
    if waits_for_leader:
        reasons.append(
            _(
                "The rhythm you have chosen means fewer follow-ups than the cadence. The authority's leader is asked, "
                "and the cadence's own dates stand until then."
            )
        )
    if proposed.is_moved and proposed.day is not None:
        reasons.append(_moved(proposed))
    if proposed.limit is not None:
        reasons.append(
            _("By law the first follow-up is held on %(day)s at the latest.", day=day(proposed.limit))
        )
    return Proposal(
        day=day(proposed.day, LONG_DAY),
        typed=f"{proposed.day:%d.%m.%Y}" if proposed.day else "",
        reasons=tuple(reasons),
    )


def interval_words(interval: Interval) -> str:
    if interval.months:
        return ngettext("%(num)d month", "%(num)d months", interval.months)
    if interval.weeks:
        return ngettext("%(num)d week", "%(num)d weeks", interval.weeks)
    return ngettext("%(num)d day", "%(num)d days", interval.days)


def _rule(proposed: ProposedDate) -> str:
    if proposed.investigation_ends is not None:
        return _(
            "When the investigation ends, on %(day)s. That is earlier than the cadence's own date.",
            day=day(proposed.investigation_ends),
        )
    values = {
        "interval": interval_words(proposed.interval) if proposed.interval else "",
        "day": day(proposed.counted_from_day),
        "standard": proposed.standard_name,
    }
    from_start = proposed.counted_from is CountedFrom.EPISODE_START
    if proposed.is_chosen_for_case:
        if from_start:
            return _(
                "%(interval)s after the measure started on %(day)s, the rhythm chosen for this case.",
                **values,
            )
        return _("%(interval)s after the meeting on %(day)s, the rhythm chosen for this case.", **values)
    if from_start:
        return _("%(interval)s after the measure started on %(day)s, by the cadence %(standard)s.", **values)
    return _("%(interval)s after the meeting on %(day)s, by the cadence %(standard)s.", **values)


def _choice(reason: ChoiceReason) -> str:
    if reason is ChoiceReason.CHOSEN_PER_CASE:
        return _("No cadence covers early help. Choose a date for this case and write why.")
    if reason is ChoiceReason.NO_ROW:
        return _("The cadence says nothing about this type of measure. Choose a date and write why.")
    return _(
        "The law sets no fixed rhythm after the first follow-up. Choose a date and write why; "
        "child and parents are to know the reason."
    )


def _moved(proposed: ProposedDate) -> str:
    counted = proposed.investigation_ends or (
        proposed.interval.after(proposed.counted_from_day) if proposed.interval else None
    )
    if proposed.day and counted and proposed.day < counted:
        return _("The date is moved back, because the law sets a limit.")
    return _("That day is a weekend or a public holiday, so it is moved to the next working day.")


@dataclass(frozen=True, slots=True)
class ClockWords:
    """When the next follow-up is due, and how late it is; "" for what there is nothing to say about. `is_late` is for
    the eye, `past_limit` the law's own, stronger word.
    """

    due: str
    overdue: str
    past_limit: str

    @property
    def is_late(self) -> bool:
        return bool(self.overdue or self.past_limit)

    @property
    def late(self) -> str:
        """The stronger of the two words; "" when nothing is late."""
        return self.past_limit or self.overdue


def clock_words(clock: FollowUpClock | None, today: date) -> ClockWords:
    if clock is None:
        return ClockWords("", "", "")
    late, past = clock.days_overdue(today), clock.days_past_limit(today)
    return ClockWords(
        due=day(clock.due_on, LONG_DAY),
        overdue=ngettext("Follow-up is overdue by %(num)d day", "Follow-up is overdue by %(num)d days", late)
        if late
        else "",
        past_limit=ngettext(
            "The law's limit for the first follow-up was passed %(num)d day ago",
            "The law's limit for the first follow-up was passed %(num)d days ago",
            past,
        )
        if past
        else "",
    )
