"""The follow-up meeting whole: deviations, agenda, minutes, frozen reports, own curves.

Revision ID: 0002
Revises: 0001
"""

import re
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from fitsvc.storage import base as storage

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WITH_NAME = re.compile(r"(.*) \(([^()]+)\)", re.DOTALL)


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_calendar_feeds_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(
            "uq_calendar_feeds_standing",
            ["staff_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "own_standards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["staff.id"], name=op.f("fk_own_standards_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_standards")),
        sa.UniqueConstraint("name", name=op.f("uq_own_standards_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_own_standards_slug")),
    )
    op.create_table(
        "agenda_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "since_last",
                "wish",
                "discrepancy",
                "signal",
                "goal",
                "missing",
                "ready_to_end",
                "open_agreement",
                "free",
                name="agendakind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("removed_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'free') = (text <> '')", name=op.f("ck_agenda_entries_free_has_text")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_agenda_entries_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["staff.id"], name=op.f("fk_agenda_entries_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_agenda_entries_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_entries")),
        sa.UniqueConstraint(
            "meeting_id", "kind", "subject", name=op.f("uq_agenda_entries_meeting_id_kind_subject")
        ),
    )
    with op.batch_alter_table("agenda_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_entries_case_id"), ["case_id"], unique=False)

    op.create_table(
        "agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("how_it_went", sa.Text(), nullable=False),
        sa.Column("removed_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(done_on IS NULL) = (done_by_id IS NULL)", name=op.f("ck_agreements_done_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_agreements_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["staff.id"], name=op.f("fk_agreements_created_by_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["staff.id"], name=op.f("fk_agreements_done_by_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_agreements_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index("ix_agreements_case", ["case_id"], unique=False)
        batch_op.create_index("ix_agreements_meeting", ["meeting_id"], unique=False)

    op.create_table(
        "brought_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False),
        sa.Column("brought_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brought_by_id"], ["staff.id"], name=op.f("fk_brought_sessions_brought_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_brought_sessions_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_brought_sessions_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondents.id"],
            name=op.f("fk_brought_sessions_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought_sessions")),
        sa.UniqueConstraint(
            "meeting_id", "respondent_id", name=op.f("uq_brought_sessions_meeting_id_respondent_id")
        ),
    )
    with op.batch_alter_table("brought_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brought_sessions_case_id"), ["case_id"], unique=False)

    op.create_table(
        "follow_up_deviations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "sooner",
                "later",
                "free_date",
                "more_often",
                "less_often",
                name="deviationkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason_code",
            sa.Enum(
                "family_wish",
                "child_everyday_life",
                "worry",
                "change_of_measure",
                "absence",
                "participants",
                "going_well",
                "no_rule",
                "other",
                name="deviationreason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("by_cadence_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("by_cadence_interval", sa.String(length=20), nullable=True),
        sa.Column("chosen_interval", sa.String(length=20), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "noted",
                "awaiting",
                "approved",
                "refused",
                "withdrawn",
                name="deviationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_follow_up_deviations_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff.id"], name=op.f("fk_follow_up_deviations_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["staff.id"], name=op.f("fk_follow_up_deviations_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_follow_up_deviations_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"],
            ["episodes.id"],
            name=op.f("fk_follow_up_deviations_episode_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_follow_up_deviations_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_deviations")),
    )
    with op.batch_alter_table("follow_up_deviations", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_deviations_case", ["case_id"], unique=False)
        batch_op.create_index("ix_follow_up_deviations_meeting", ["meeting_id"], unique=False)
        batch_op.create_index("ix_follow_up_deviations_state", ["state", "asked_at"], unique=False)

    op.create_table(
        "frozen_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("report", "child", name="frozenkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("names_hidden", sa.Boolean(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("software_version", sa.String(length=40), nullable=False),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=False),
        sa.Column("frozen_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("locked_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("locked_for_respondent_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(locked_at IS NULL) = (locked_for_respondent_id IS NULL)",
            name=op.f("ck_frozen_reports_locked_for_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_frozen_reports_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["staff.id"], name=op.f("fk_frozen_reports_frozen_by_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_frozen_reports_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_reports")),
        sa.UniqueConstraint("meeting_id", "kind", name=op.f("uq_frozen_reports_meeting_id_kind")),
    )
    with op.batch_alter_table("frozen_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_reports_case_id"), ["case_id"], unique=False)

    op.create_table(
        "goal_statuses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_goal_statuses_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goals.id"], name=op.f("fk_goal_statuses_goal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_goal_statuses_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["staff.id"], name=op.f("fk_goal_statuses_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_statuses")),
        sa.UniqueConstraint("meeting_id", "goal_id", name=op.f("uq_goal_statuses_meeting_id_goal_id")),
    )
    with op.batch_alter_table("goal_statuses", schema=None) as batch_op:
        batch_op.create_index("ix_goal_statuses_case", ["case_id"], unique=False)

    op.create_table(
        "minute_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "participants",
                "decision",
                "decision_reason",
                "goals_changed",
                "child_heard",
                "child_heard_how",
                "next_on",
                "next_reason",
                "helped",
                "if_harder",
                name="minute",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_minute_texts_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_minute_texts_changed_by_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_minute_texts_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute_texts")),
        sa.UniqueConstraint("meeting_id", "field", name=op.f("uq_minute_texts_meeting_id_field")),
    )
    with op.batch_alter_table("minute_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minute_texts_case_id"), ["case_id"], unique=False)

    op.create_table(
        "own_standard_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("measure_type", sa.String(length=60), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=True),
        sa.Column("first_unit", sa.String(length=10), nullable=True),
        sa.Column("then_number", sa.Integer(), nullable=True),
        sa.Column("then_unit", sa.String(length=10), nullable=True),
        sa.Column("first_year_number", sa.Integer(), nullable=True),
        sa.Column("first_year_unit", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "(first_number IS NULL) = (first_unit IS NULL)", name=op.f("ck_own_standard_rows_first_has_unit")
        ),
        sa.CheckConstraint(
            "(first_year_number IS NULL) = (first_year_unit IS NULL)",
            name=op.f("ck_own_standard_rows_first_year_has_unit"),
        ),
        sa.CheckConstraint(
            "(then_number IS NULL) = (then_unit IS NULL)", name=op.f("ck_own_standard_rows_then_has_unit")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["own_standards.id"],
            name=op.f("fk_own_standard_rows_standard_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_standard_rows")),
        sa.UniqueConstraint(
            "standard_id", "measure_type", name=op.f("uq_own_standard_rows_standard_id_measure_type")
        ),
    )
    op.create_table(
        "frozen_voices",
        sa.Column("frozen_report_id", sa.Uuid(), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_report_id"],
            ["frozen_reports.id"],
            name=op.f("fk_frozen_voices_frozen_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("frozen_report_id", "respondent_id", name=op.f("pk_frozen_voices")),
    )
    with op.batch_alter_table("frozen_voices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_voices_respondent_id"), ["respondent_id"], unique=False)

    op.create_table(
        "planned_ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.String(length=80), nullable=False),
        sa.Column("months_after", sa.Integer(), nullable=False),
        sa.Column("ask_on", sa.Date(), nullable=False),
        sa.Column("administration_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"],
            ["administrations.id"],
            name=op.f("fk_planned_ratings_administration_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_planned_ratings_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_planned_ratings_episode_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["staff.id"], name=op.f("fk_planned_ratings_planned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondents.id"],
            name=op.f("fk_planned_ratings_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_ratings")),
        sa.UniqueConstraint(
            "episode_id",
            "respondent_id",
            "instrument_id",
            "ask_on",
            name=op.f("uq_planned_ratings_episode_id_respondent_id_instrument_id_ask_on"),
        ),
    )
    with op.batch_alter_table("planned_ratings", schema=None) as batch_op:
        batch_op.create_index("ix_planned_ratings_case", ["case_id", "ask_on"], unique=False)

    op.create_table(
        "agenda_wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("only_me", "practitioner", "meeting", name="visibility", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("visibility <> 'only_me'", name=op.f("ck_agenda_wishes_somebody_reads_it")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_agenda_wishes_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["follow_up_meetings.id"],
            name=op.f("fk_agenda_wishes_meeting_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["ratings.id"], name=op.f("fk_agenda_wishes_rating_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondents.id"],
            name=op.f("fk_agenda_wishes_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_wishes")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_agenda_wishes_rating_id")),
    )
    with op.batch_alter_table("agenda_wishes", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_wishes_case", ["case_id"], unique=False)

    op.create_table(
        "point_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("picture", sa.String(length=30), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("only_me", "practitioner", "meeting", name="visibility", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("picture IS NOT NULL OR text <> ''", name=op.f("ck_point_notes_says_something")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_point_notes_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["ratings.id"], name=op.f("fk_point_notes_rating_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondents.id"],
            name=op.f("fk_point_notes_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_notes")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_point_notes_rating_id")),
    )
    with op.batch_alter_table("point_notes", schema=None) as batch_op:
        batch_op.create_index("ix_point_notes_case", ["case_id"], unique=False)

    with op.batch_alter_table("administrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meeting_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("asks_wish", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f("ix_administrations_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_administrations_meeting_id"),
            "follow_up_meetings",
            ["meeting_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("agreed_expectations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("area", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("goal_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_agreed_expectations_goal_id"), "goals", ["goal_id"], ["id"], ondelete="CASCADE"
        )

    with op.batch_alter_table("episodes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("investigation_ends_on", sa.Date(), nullable=True))

    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_meeting", sa.Boolean(), server_default=sa.false(), nullable=False))

    _move_reasons()
    with op.batch_alter_table("follow_up_meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_at", sa.Time(), nullable=True))
        batch_op.drop_column("reason")

    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("failed_guesses", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )

    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "ix_ratings_withheld",
            ["administration_id"],
            unique=False,
            sqlite_where=sa.text("withheld = 1"),
            postgresql_where=sa.text("withheld"),
        )
        # The same rows as before, in words SQLite recognises in its queries.
        batch_op.drop_index("ix_ratings_notice_unread")
        batch_op.create_index(
            "ix_ratings_notice_unread",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("notice = 1 AND notice_read_at IS NULL"),
            postgresql_where=sa.text("notice AND notice_read_at IS NULL"),
        )

    with op.batch_alter_table("respondents", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shows_own_curve", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("withdrawn_at", storage.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("signal_actions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_goals", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_method", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_relation", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_life", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("on_agenda", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("signal_actions", schema=None) as batch_op:
        batch_op.drop_column("on_agenda")
        batch_op.drop_column("about_life")
        batch_op.drop_column("about_relation")
        batch_op.drop_column("about_method")
        batch_op.drop_column("about_goals")

    with op.batch_alter_table("respondents", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("shows_own_curve")

    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ratings_withheld",
            sqlite_where=sa.text("withheld = 1"),
            postgresql_where=sa.text("withheld"),
        )
        batch_op.drop_index("ix_ratings_notice_unread")
        batch_op.create_index(
            "ix_ratings_notice_unread",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("notice AND notice_read_at IS NULL"),
            postgresql_where=sa.text("notice AND notice_read_at IS NULL"),
        )
        batch_op.drop_column("withheld")

    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_column("failed_guesses")

    with op.batch_alter_table("follow_up_meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.TEXT(), server_default="", nullable=False))
        batch_op.drop_column("planned_at")

    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_column("at_meeting")

    with op.batch_alter_table("episodes", schema=None) as batch_op:
        batch_op.drop_column("investigation_ends_on")

    with op.batch_alter_table("agreed_expectations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agreed_expectations_goal_id"), type_="foreignkey")
        batch_op.drop_column("goal_id")
        batch_op.drop_column("area")

    with op.batch_alter_table("administrations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_administrations_meeting_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_administrations_meeting_id"))
        batch_op.drop_column("asks_wish")
        batch_op.drop_column("meeting_id")

    with op.batch_alter_table("point_notes", schema=None) as batch_op:
        batch_op.drop_index("ix_point_notes_case")

    op.drop_table("point_notes")
    with op.batch_alter_table("agenda_wishes", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_wishes_case")

    op.drop_table("agenda_wishes")
    with op.batch_alter_table("planned_ratings", schema=None) as batch_op:
        batch_op.drop_index("ix_planned_ratings_case")

    op.drop_table("planned_ratings")
    with op.batch_alter_table("frozen_voices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_voices_respondent_id"))

    op.drop_table("frozen_voices")
    op.drop_table("own_standard_rows")
    with op.batch_alter_table("minute_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minute_texts_case_id"))

    op.drop_table("minute_texts")
    with op.batch_alter_table("goal_statuses", schema=None) as batch_op:
        batch_op.drop_index("ix_goal_statuses_case")

    op.drop_table("goal_statuses")
    with op.batch_alter_table("frozen_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_reports_case_id"))

    op.drop_table("frozen_reports")
    with op.batch_alter_table("follow_up_deviations", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_deviations_state")
        batch_op.drop_index("ix_follow_up_deviations_meeting")
        batch_op.drop_index("ix_follow_up_deviations_case")

    op.drop_table("follow_up_deviations")
    with op.batch_alter_table("brought_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brought_sessions_case_id"))

    op.drop_table("brought_sessions")
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_index("ix_agreements_meeting")
        batch_op.drop_index("ix_agreements_case")

    op.drop_table("agreements")
    with op.batch_alter_table("agenda_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_entries_case_id"))

    op.drop_table("agenda_entries")
    op.drop_table("own_standards")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_calendar_feeds_standing",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.drop_table("calendar_feeds")


def _move_reasons() -> None:
    """Until now a meeting's reason stood on the meeting, a leader who had decided a later date in brackets after it."""
    connection = op.get_bind()
    meetings = sa.table(
        "follow_up_meetings",
        sa.column("id", sa.Uuid()),
        sa.column("case_id", sa.Uuid()),
        sa.column("episode_id", sa.Uuid()),
        sa.column("planned_on", sa.Date()),
        sa.column("reason", sa.Text()),
        sa.column("created_by_id", sa.Uuid()),
        sa.column("created_at", storage.UtcDateTime()),
    )
    names = (
        "id", "case_id", "episode_id", "meeting_id", "kind", "reason_code", "reason", "decided_by", "planned_on",
        "state", "asked_by_id", "asked_at", "answer",
    )  # fmt: skip
    uuids = {"id", "case_id", "episode_id", "meeting_id", "asked_by_id"}
    types = {"planned_on": sa.Date(), "asked_at": storage.UtcDateTime()} | dict.fromkeys(uuids, sa.Uuid())
    deviations = sa.table(
        "follow_up_deviations", *(sa.column(name, types.get(name, sa.Text())) for name in names)
    )
    for row in connection.execute(sa.select(meetings).where(meetings.c.reason != "")).all():
        named = WITH_NAME.fullmatch(row.reason)
        connection.execute(
            deviations.insert().values(
                id=uuid4(),
                case_id=row.case_id,
                episode_id=row.episode_id,
                meeting_id=row.id,
                kind="later" if named else "sooner",
                reason_code="other",
                reason=named[1] if named else row.reason,
                decided_by=named[2] if named else "",
                planned_on=row.planned_on,
                state="approved" if named else "noted",
                asked_by_id=row.created_by_id,
                asked_at=row.created_at,
                answer="",
            )
        )
