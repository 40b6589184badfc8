"""Words for what a service refuses: what happened and what to do."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    # signing in
    "wrong_code": _l(
        "The code is not right. Wait for the next one in the app, and check that the phone's clock is right."
    ),
    "wrong_recovery_code": _l("This is none of your recovery codes, or it has been used."),
    "wrong_passkey": _l("The passkey was not accepted. Try again, or use another way."),
    "passkey_not_made": _l("The passkey was not made. Try again, or set up an app instead."),
    "too_many_passkeys": _l("You have twenty passkeys. Remove one first."),
    "wrong_password": _l("The password is not right."),
    "too_many_codes": _l("Too many wrong tries. Wait a quarter of an hour and try again."),
    "last_factor": _l("This is your only second factor. Set up another one first."),
    "own_second_factor": _l("Your own second factor is changed under your account."),
    "answered_meanwhile": _l("Another answer to this form has come meanwhile. Nothing was stored."),
    "before_case": _l("That day is before the case was opened."),
    "day_to_come": _l("That day has not come yet."),
    "no_forms": _l("Choose at least one form."),
    "unknown_form": _l("One of the forms is not offered any more. Look at the list again."),
    "refused": _l("This cannot be done as things stand. Reload the page and look again."),
    # texts, days and numbers
    "missing": _l("Fill in this field."),
    "too_long": _l("This is too long. Write it shorter."),
    "looks_like_cpr": _l("This looks like a CPR number. Leave it out: no CPR number may stand here."),
    "too_early": _l("The date is too early to be right."),
    "too_late": _l("The date is too late to be right."),
    "out_of_range": _l("The number is outside the scale."),
    "not_a_choice": _l("Choose one of the answers on the list."),
    "not_an_email": _l("Write an e-mail address, such as name@example.dk."),
    "not_a_phone": _l("Write a telephone number with eight digits, or with + and its country code."),
    # cases and episodes
    "reference_taken": _l("There is a case with this reference already. Look for it in the caseload first."),
    "case_open": _l("The case is still open. Only a closed case is deleted."),
    "case_closed": _l("The case is closed. Nothing more can be added to it."),
    "not_of_the_unit": _l("Choose practitioners who work in the unit you have chosen."),
    "episode_ended": _l("This measure has ended already."),
    "episode_runs": _l("The measure is still running. Ratings afterwards are planned when it has ended."),
    "no_episode": _l("No measure is running. Start one first."),
    # meetings
    "choice_required": _l("The cadence gives no date here. Choose a date, or a rhythm for this case."),
    "before_start": _l(
        "The investigation cannot end before the measure starts. Leave it empty if it has ended."
    ),
    "no_legal_limit": _l("The law sets no limit for this type of measure, so leave this empty."),
    "after_legal_limit": _l("The law wants the first follow-up earlier. Choose a date up to the limit."),
    "meeting_there_already": _l("There is a meeting planned on that day already."),
    "meeting_held": _l("The meeting has been held."),
    "meeting_cancelled": _l("The meeting was cancelled."),
    "meeting_gone_by": _l("The meeting's day has gone by. Note that it was held, or move it to another day."),
    "nothing_to_ask": _l("There is nothing to ask this person for right now."),
    "no_label": _l("First write the label that tells this person which child it is."),
    "meeting_moved_meanwhile": _l(
        "Somebody else has moved the meeting meanwhile. Look at its day now, and move it again if need be."
    ),
    "only_early_help_without": _l("Only early help (§ 30) can do without a cadence. Choose one."),
    "deviation_answered": _l("This has been answered already. The answer stands."),
    "deviation_withdrawn": _l("This stands no longer: the meeting was moved or cancelled meanwhile."),
    "no_rows": _l("Fill in at least one type of measure."),
    "first_year_without_then": _l("Write what comes after the first year, too."),
    "interval_too_long": _l("That is longer than a year. Write a shorter interval."),
    "own_deviation": _l("Nobody approves what they asked for themselves. Another leader answers this one."),
    "family_has_not_chosen": _l("Nothing was brought. Tick first that the family itself has chosen it."),
    "changed_meanwhile": _l("Somebody else has changed this meanwhile. Look at both texts."),
    "agreement_removed": _l("This agreement was taken out meanwhile."),
    "not_a_date": _l("Write the date as day.month.year, such as 16.03.2026."),
    # respondents and forms
    "child_there_already": _l("The child is a respondent in this case already."),
    "person_there_already": _l("This person is a respondent in this case already."),
    "no_label_for_the_child": _l("The child needs no label: it rates itself."),
    "sharing_not_recorded": _l("First write on what basis the school or institution takes part."),
    "no_custody": _l(
        "A parent without custody is not asked by default. Write the reason on the respondent's page first."
    ),
    "respondent_ended": _l("This person no longer takes part."),
    "plan_there_already": _l("This person is already asked on that form."),
    "session_forms_at_sessions": _l("A session form is answered at every session."),
    "form_has_no_score": _l("This form gives no score, so it can have no target."),
    "structure_only": _l("This form has no texts yet and cannot be sent."),
    "answered": _l("It has been answered meanwhile."),
    "cancelled": _l("It was cancelled meanwhile."),
    "has_link": _l("There is a link that works already."),
    "respondent_withdrawn": _l("This person has taken the answers back. Nothing more is asked or shown."),
    # goals, numbers, expectations, signals
    "three_goals_already": _l("There are three open goals. Close one before you set another."),
    "no_open_goals": _l("There is no open goal to rate. Set a goal first."),
    "target_not_above_start": _l("The target must be higher than the start."),
    "not_above_minimum": _l("The highest number must be above the lowest."),
    "series_there_already": _l("There is such a series in this case already."),
    "value_there_already": _l("There is a number for that day already. Tick the box to replace it."),
    "series_without_score": _l(
        "This series has no score yet, so no line can be drawn. Wait for the first one."
    ),
    "not_after_latest_score": _l("The date must be after today and after the latest score."),
    "no_thought": _l("Write a few lines under at least one of the four headings."),
    "no_open_signal": _l("This signal has a next step already."),
    # controls of the log
    "rows_not_judged": _l(
        "Judge every row first. What you have chosen stands below, but is not saved yet: press Save, or judge the rest."
    ),
    "control_finished": _l("The control is finished and cannot be changed."),
    # units, staff and case teams
    "taken": _l("Somebody or something else has this already. Choose another."),
    "decided_by_kommune": _l("This is decided in the kommune's own sign-in and set at each sign-in."),
    "own_roles": _l("Nobody changes their own roles. Ask another administrator."),
    "own_unit": _l("Nobody moves themselves to another unit. Ask another administrator."),
    "own_email": _l("This is your own mailbox. Nobody gives themselves a second account."),
    "roles_apart": _l("An administrator or a data protection officer has no other role."),
    "own_account": _l("Nobody shuts their own account. Ask another administrator."),
    "lacks_role": _l("This person does not have the role that is needed. Give them the role first."),
    "own_team": _l("Nobody puts themselves on a case. Ask a colleague who may."),
    "protected_case": _l("This case is protected. A leader who is named on it names people."),
    "not_protected": _l("This case is not protected any more."),
    "last_named": _l("This is the last leader named here. Name another one first."),
    "reason_too_short": _l("Say a little more, so that somebody else understands why."),
    "other_unit": _l("A substitute works in the same unit."),
    "no_case_to_cover": _l("There is no such open case to take over from this person."),
    "own_notice": _l("This is about what you did. Another leader looks at it."),
    "already_on_team": _l("This person is on the team in that part already."),
    "same_person": _l("Choose somebody else than the one who hands over."),
    "nothing_to_hand_over": _l("There is no such open case to hand over from this person."),
    "number_changed": _l("The number of cases has changed since. Look again before you hand over."),
}
