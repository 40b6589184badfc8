"""A signal in words: the rule that gave it and the numbers it used."""

from flask_babel import gettext as _

from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.signal import RuleCode, Signal
from fitsvc.domain.trajectory import Trajectory
from fitsvc.web.templates import day, points


def signal_sentence(signal: Signal) -> str:
    """Why the signal is what it is, with score, expected score and limit."""
    if signal.rule is RuleCode.TOO_FEW_SCORES:
        return _("A curve takes two scores. From the second one it can be held against what is expected.")
    numbers = {
        "score": points(signal.score),
        "expected": points(signal.expected),
        "green": points(signal.green_from),
        "limit": points(signal.red_beyond),
        "baseline": points(signal.baseline),
        "first": day(signal.first_seen_on),
    }
    if signal.rule is RuleCode.AT_OR_ABOVE_EXPECTED:
        return _(
            "Is as expected or above: %(score)s where the curve expects %(expected)s (as expected from "
            "%(green)s).",
            **numbers,
        )
    if signal.rule is RuleCode.SOMEWHAT_BELOW:
        return _(
            "Is a little below expected: %(score)s where the curve expects %(expected)s (as expected from "
            "%(green)s, limit %(limit)s).",
            **numbers,
        )
    if signal.rule is RuleCode.BELOW_BAND_ONCE:
        return _(
            "Is below expected: %(score)s where the curve expects %(expected)s (limit %(limit)s). One score is "
            "not enough: the next within six weeks shows whether it lasts.",
            **numbers,
        )
    if signal.rule is RuleCode.WORSE_ONCE:
        return _(
            "Is surely lower than at the start: %(score)s against %(baseline)s. One score is not enough: the next "
            "within six weeks shows whether it lasts.",
            **numbers,
        )
    if signal.rule is RuleCode.BELOW_BAND_TWICE:
        return _(
            "Is below expected: %(score)s where the curve expects %(expected)s (limit %(limit)s). The score on "
            "%(first)s said so too.",
            **numbers,
        )
    return _(
        "Is surely lower than at the start: %(score)s against %(baseline)s. The score on %(first)s said so too.",
        **numbers,
    )


def noise_sentence(trajectory: Trajectory) -> str:
    """The baseline and how large a change must be to be more than chance; "" where nothing is known of it."""
    baseline, rci = trajectory.baseline, trajectory.rci
    if baseline is None:
        return ""
    start = _("Baseline %(score)s (%(day)s)", score=points(baseline.score), day=day(baseline.on))
    if rci is None:
        return _("%(baseline)s; how large a change must be to be sure is not known.", baseline=start)
    return _("%(baseline)s; changes under %(rci)s points may be chance.", baseline=start, rci=points(rci))


def change_sentence(trajectory: Trajectory) -> str:
    """The change since the baseline, and its class where there is one."""
    change = trajectory.change
    if change is None:
        return ""
    size = f"{'+' if change > 0 else '−' if change < 0 else ''}{points(abs(change))}"
    words = {
        ChangeClass.RECOVERED: _(
            "Change %(size)s points: surely better, and past the form's limit.", size=size
        ),
        ChangeClass.IMPROVED: _("Change %(size)s points: surely better.", size=size),
        ChangeClass.UNCHANGED: _("Change %(size)s points: no sure change.", size=size),
        ChangeClass.DETERIORATED: _("Change %(size)s points: surely worse.", size=size),
        ChangeClass.CANNOT_BE_JUDGED: _("Change %(size)s points.", size=size),
    }
    return words[trajectory.change_class]


def trajectory_sentences(trajectory: Trajectory) -> tuple[str, ...]:
    """Everything that is said about one curve, the most important first."""
    found = [signal_sentence(trajectory.signal)] if trajectory.signal else []
    found += [noise_sentence(trajectory), change_sentence(trajectory)]
    if not trajectory.improvement_can_show:
        found.append(
            _(
                "Improvement cannot be shown from here: the baseline is so close to the best end of the scale that no "
                "change can be surely better."
            )
        )
    if trajectory.is_saw_tooth:
        found.append(
            _("The curve goes up and down by more than chance. What is different from time to time?")
        )
    return tuple(sentence for sentence in found if sentence)
