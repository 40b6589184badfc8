"""Who may: sign-in with a second factor, narrower access, sealed logs, encryption, deletion.

Names, contacts and free text that are there are encrypted with the key that writes. Both logs get a sequence of their
own in the order the rows were written, and triggers that refuse every change.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from fitsvc.keyring import Keyring
from fitsvc.storage import base as storage

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 200

ENCRYPTED = {
    "cases": ("display_name",),
    "persons": ("name", "email", "phone"),
    "respondents": ("label", "setting"),
    "rating_plans": ("purpose", "chosen_against_age"),
    "sharing_bases": ("basis", "sharing_scope"),
    "links": ("label",),
    "agenda_entries": ("text",),
    "agenda_wishes": ("text",),
    "minute_texts": ("text",),
    "agreements": ("what", "who", "how_it_went"),
    "point_notes": ("text",),
    "frozen_reports": ("summary",),
    "follow_up_deviations": ("reason", "decided_by", "answer"),
    "episodes": ("purpose",),
    "case_events": ("text",),
    "external_series": ("purpose",),
    "goals": ("text",),
    "goal_statuses": ("text",),
    "comments": ("text",),
    "signal_actions": ("next_step", "about_goals", "about_method", "about_relation", "about_life"),
}
ENCRYPTED_BYTES = {"frozen_reports": ("pdf", "snapshot")}
WIDENED = {
    "agreements": {"who": 200},
    "cases": {"display_name": 40},
    "follow_up_deviations": {"decided_by": 200},
    "links": {"label": 80},
    "persons": {"name": 80, "email": 255, "phone": 40},
    "respondents": {"setting": 80, "label": 80},
}
NULLABLE = {"email", "phone"}

SQLITE_TRIGGERS = (
    "CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, "
    "'access_log is append-only'); END",
    "CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log WHEN OLD.seq > COALESCE((SELECT "
    "MAX(pruned_to) FROM log_checkpoints WHERE log = 'access'), 0) BEGIN SELECT RAISE(ABORT, "
    "'access_log is append-only'); END",
    "CREATE TRIGGER access_log_no_replace BEFORE INSERT ON access_log WHEN EXISTS (SELECT 1 FROM "
    "access_log WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END",
    "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, "
    "'audit_log is append-only'); END",
    "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log WHEN OLD.seq > COALESCE((SELECT "
    "MAX(pruned_to) FROM log_checkpoints WHERE log = 'audit'), 0) BEGIN SELECT RAISE(ABORT, "
    "'audit_log is append-only'); END",
    "CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log WHEN EXISTS (SELECT 1 FROM "
    "audit_log WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    "CREATE TRIGGER case_readings_no_update BEFORE UPDATE ON case_readings BEGIN SELECT RAISE(ABORT, "
    "'case_readings is append-only'); END",
    "CREATE TRIGGER case_readings_no_delete BEFORE DELETE ON case_readings WHEN OLD.access_seq > "
    "COALESCE((SELECT MAX(pruned_to) FROM log_checkpoints WHERE log = 'access'), 0) BEGIN SELECT "
    "RAISE(ABORT, 'case_readings is append-only'); END",
    "CREATE TRIGGER log_seals_no_update BEFORE UPDATE ON log_seals BEGIN SELECT RAISE(ABORT, "
    "'log_seals is append-only'); END",
    "CREATE TRIGGER log_seals_no_delete BEFORE DELETE ON log_seals WHEN OLD.to_seq > COALESCE((SELECT"
    " MAX(pruned_to) FROM log_checkpoints WHERE log = OLD.log), 0) BEGIN SELECT RAISE(ABORT, "
    "'log_seals is append-only'); END",
    "CREATE TRIGGER log_seals_no_replace BEFORE INSERT ON log_seals WHEN EXISTS (SELECT 1 FROM "
    "log_seals WHERE seq = NEW.seq OR (log = NEW.log AND to_seq = NEW.to_seq)) BEGIN SELECT "
    "RAISE(ABORT, 'log_seals is append-only'); END",
    "CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints BEGIN SELECT "
    "RAISE(ABORT, 'log_checkpoints is append-only'); END",
    "CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints BEGIN SELECT "
    "RAISE(ABORT, 'log_checkpoints is append-only'); END",
    "CREATE TRIGGER log_checkpoints_no_replace BEFORE INSERT ON log_checkpoints WHEN EXISTS (SELECT 1"
    " FROM log_checkpoints WHERE seq = NEW.seq OR (log = NEW.log AND pruned_to = NEW.pruned_to)) "
    "BEGIN SELECT RAISE(ABORT, 'log_checkpoints is append-only'); END",
)
POSTGRESQL_TRIGGERS = (
    "CREATE OR REPLACE FUNCTION fitsvc_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    "CREATE OR REPLACE FUNCTION fitsvc_pruned_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
    "(to_jsonb(OLD) ->> TG_ARGV[0])::bigint > COALESCE((SELECT MAX(pruned_to) FROM log_checkpoints "
    "WHERE log = COALESCE(to_jsonb(OLD) ->> 'log', TG_ARGV[1])), 0) THEN RAISE EXCEPTION '% is "
    "append-only', TG_TABLE_NAME; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log FOR EACH ROW EXECUTE FUNCTION "
    "fitsvc_append_only()",
    "CREATE TRIGGER access_log_no_truncate BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE "
    "FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION "
    "fitsvc_pruned_only('seq', 'access')",
    "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION "
    "fitsvc_append_only()",
    "CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE "
    "FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION "
    "fitsvc_pruned_only('seq', 'audit')",
    "CREATE TRIGGER case_readings_no_update BEFORE UPDATE ON case_readings FOR EACH ROW EXECUTE "
    "FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER case_readings_no_truncate BEFORE TRUNCATE ON case_readings FOR EACH STATEMENT "
    "EXECUTE FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER case_readings_no_delete BEFORE DELETE ON case_readings FOR EACH ROW EXECUTE "
    "FUNCTION fitsvc_pruned_only('access_seq', 'access')",
    "CREATE TRIGGER log_seals_no_update BEFORE UPDATE ON log_seals FOR EACH ROW EXECUTE FUNCTION "
    "fitsvc_append_only()",
    "CREATE TRIGGER log_seals_no_truncate BEFORE TRUNCATE ON log_seals FOR EACH STATEMENT EXECUTE "
    "FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER log_seals_no_delete BEFORE DELETE ON log_seals FOR EACH ROW EXECUTE FUNCTION "
    "fitsvc_pruned_only('to_seq', '')",
    "CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints FOR EACH ROW EXECUTE "
    "FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER log_checkpoints_no_truncate BEFORE TRUNCATE ON log_checkpoints FOR EACH STATEMENT"
    " EXECUTE FUNCTION fitsvc_append_only()",
    "CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints FOR EACH ROW EXECUTE "
    "FUNCTION fitsvc_append_only()",
)
"""Copied from storage.log_triggers when this revision landed."""


def upgrade() -> None:
    create_tables()
    change_tables()
    number_log("access_log", access_columns(), "ix_access_log_at", "ix_access_log_staff")
    number_log("audit_log", audit_columns(), "ix_audit_log_at", "ix_audit_log_case")
    op.create_index("ix_audit_log_staff", "audit_log", ["staff_id", "at"])
    encrypt_what_is_there(op.get_context().config.attributes["keys"])
    for statement in SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS:
        op.get_bind().exec_driver_sql(statement.replace("%", "%%") if "$$" in statement else statement)


def downgrade() -> None:
    raise NotImplementedError("what is encrypted stays so: restore the backup made before the upgrade")


def create_tables() -> None:
    op.create_table(
        "case_readings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("access_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "access_seq", name=op.f("pk_case_readings")),
    )
    op.create_index("ix_case_readings_seq", "case_readings", ["access_seq"])
    op.create_table(
        "deletions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("case", "contacts", "respondent", name="deletionkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("respondent_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("deleted_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
    )
    with op.batch_alter_table("deletions", schema=None) as batch_op:
        batch_op.create_index("ix_deletions_at", ["deleted_at"], unique=False)
        batch_op.create_index("ix_deletions_case", ["case_id"], unique=False)

    op.create_table(
        "limit_counters",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_counters")),
    )
    with op.batch_alter_table("limit_counters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_limit_counters_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "spent",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_spent")),
    )
    with op.batch_alter_table("spent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "log_checkpoints",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "log", sa.Enum("access", "audit", name="logname", native_enum=False, length=40), nullable=False
        ),
        sa.Column("pruned_to", sa.BigInteger(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("last_mac", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("pruned_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_checkpoints")),
        sa.UniqueConstraint("log", "pruned_to", name=op.f("uq_log_checkpoints_log_pruned_to")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "log_seals",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "log", sa.Enum("access", "audit", name="logname", native_enum=False, length=40), nullable=False
        ),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("to_seq", sa.BigInteger(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_seals")),
        sa.UniqueConstraint("log", "to_seq", name=op.f("uq_log_seals_log_to_seq")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "log_controls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["staff.id"], name=op.f("fk_log_controls_begun_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_controls")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.Column("create_datetime", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lastuse_datetime", storage.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["staff.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index("ix_passkeys_user", ["user_id"], unique=False)

    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("invitation", "reset", "address", name="linkpurpose", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("new_email", sa.String(length=255), nullable=True),
        sa.Column("made_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(purpose = 'address') = (new_email IS NOT NULL)",
            name=op.f("ck_account_links_address_has_email"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_account_links_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("staff_id", "purpose", name=op.f("uq_account_links_staff_id_purpose")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_links_token_hash")),
    )

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("login_key_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "way",
            sa.Enum("password", "passkey", "kommune", name="signinway", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("oidc_sid", sa.String(length=255), nullable=True),
        sa.Column("oidc_id_token", sa.Text(), nullable=False),
        sa.Column("began_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_ins_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("login_key_hash", name=op.f("uq_sign_ins_login_key_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index("ix_sign_ins_sid", ["oidc_sid"], unique=False)
        batch_op.create_index("ix_sign_ins_staff", ["staff_id", "ended_at"], unique=False)

    op.create_table(
        "emergency_accesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_emergency_accesses_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_emergency_accesses_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_accesses")),
        sa.UniqueConstraint(
            "case_id", "staff_id", "on_day", name=op.f("uq_emergency_accesses_case_id_staff_id_on_day")
        ),
    )
    with op.batch_alter_table("emergency_accesses", schema=None) as batch_op:
        batch_op.create_index("ix_emergency_accesses_staff", ["staff_id", "on_day"], unique=False)

    op.create_table(
        "log_control_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("control_id", sa.Uuid(), nullable=False),
        sa.Column("access_seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "chosen_for",
            sa.Enum(
                "lot",
                "out_of_hours",
                "many_cases",
                "protected_case",
                "emergency_access",
                name="chosenfor",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum("in_order", "asked", "not_in_order", name="verdict", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("judged_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["control_id"],
            ["log_controls.id"],
            name=op.f("fk_log_control_items_control_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["staff.id"], name=op.f("fk_log_control_items_judged_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_control_items")),
        sa.UniqueConstraint(
            "control_id", "access_seq", name=op.f("uq_log_control_items_control_id_access_seq")
        ),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "role_granted",
                "role_taken",
                "emergency_access",
                "sessions_shared",
                "case_protected",
                "case_unprotected",
                name="noticekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("about_staff_id", sa.Uuid(), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_by_id IS NULL)", name=op.f("ck_notices_seen_by_somebody")
        ),
        sa.ForeignKeyConstraint(["about_staff_id"], ["staff.id"], name=op.f("fk_notices_about_staff_id")),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_notices_by_staff_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_notices_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["staff.id"], name=op.f("fk_notices_seen_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_notices_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_notices_unseen", ["unit_id", "seen_at"], unique=False)

    op.create_table(
        "session_sharings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("shared_by_id", sa.Uuid(), nullable=False),
        sa.Column("shared_with_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ended_at", storage.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_session_sharings_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_session_sharings_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shared_by_id"], ["staff.id"], name=op.f("fk_session_sharings_shared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["shared_with_id"], ["staff.id"], name=op.f("fk_session_sharings_shared_with_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_sharings")),
    )
    with op.batch_alter_table("session_sharings", schema=None) as batch_op:
        batch_op.create_index("ix_session_sharings_case", ["case_id", "shared_with_id"], unique=False)


def change_tables() -> None:
    for table, columns in WIDENED.items():
        with op.batch_alter_table(table) as changed:
            for column, length in columns.items():
                changed.alter_column(
                    column,
                    existing_type=sa.String(length),
                    type_=sa.Text(),
                    existing_nullable=column in NULLABLE,
                )
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("protected_at", storage.UtcDateTime(timezone=True)))
        cases.add_column(sa.Column("journal_confirmed_at", storage.UtcDateTime(timezone=True)))
        cases.add_column(sa.Column("journal_confirmed_by_id", sa.Uuid()))
        cases.create_foreign_key(
            op.f("fk_cases_journal_confirmed_by_id"), "staff", ["journal_confirmed_by_id"], ["id"]
        )
        cases.create_check_constraint(
            op.f("ck_cases_confirmed_by_somebody"),
            "(journal_confirmed_at IS NULL) = (journal_confirmed_by_id IS NULL)",
        )
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("oidc_issuer", sa.String(255)))
        staff.add_column(sa.Column("oidc_subject", sa.String(255)))
        staff.add_column(sa.Column("tf_primary_method", sa.String(64)))
        staff.add_column(sa.Column("tf_totp_secret", sa.Text()))
        staff.add_column(sa.Column("mf_recovery_codes", sa.UnicodeText()))
        staff.add_column(sa.Column("fs_webauthn_user_handle", sa.String(64)))
        staff.add_column(sa.Column("second_factor_removed_at", storage.UtcDateTime(timezone=True)))
        staff.create_unique_constraint(op.f("uq_staff_fs_webauthn_user_handle"), ["fs_webauthn_user_handle"])
        staff.create_unique_constraint(
            op.f("uq_staff_oidc_issuer_oidc_subject"), ["oidc_issuer", "oidc_subject"]
        )
        staff.create_check_constraint(
            op.f("ck_staff_issuer_with_subject"), "(oidc_issuer IS NULL) = (oidc_subject IS NULL)"
        )
    # What an import left half-way is staged again from its file.
    op.execute("DELETE FROM staged_values")
    op.execute("DELETE FROM staged_targets")
    op.execute("DELETE FROM import_batches WHERE state = 'staged'")
    with op.batch_alter_table("staged_targets") as targets:
        targets.add_column(sa.Column("display_name", sa.Text(), nullable=False))
    with op.batch_alter_table("sharing_bases") as bases:
        bases.add_column(sa.Column("family_told_on", sa.Date()))
    with op.batch_alter_table("team_members") as members:
        members.add_column(sa.Column("substitute_for_id", sa.Uuid()))
        members.create_foreign_key(
            op.f("fk_team_members_substitute_for_id"), "staff", ["substitute_for_id"], ["id"]
        )


def access_columns() -> list[sa.Column]:
    return [
        sa.Column("at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("access", sa.String(40), nullable=False),
        sa.Column("case_ids", sa.JSON(), nullable=False),
    ]


def audit_columns() -> list[sa.Column]:
    return [
        sa.Column("at", storage.UtcDateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid()),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("details", sa.JSON(), nullable=False),
    ]


def number_log(name: str, columns: list[sa.Column], *indexes: str) -> None:
    """The same rows under numbers instead of random ids, oldest first."""
    for index in indexes:
        op.drop_index(index, name)
    op.rename_table(name, f"old_{name}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE old_{name} DROP CONSTRAINT pk_{name}")
    kept = ", ".join(column.name for column in columns)
    op.create_table(
        name,
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        *columns,
        sa.Column("origin", sa.String(60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
    )
    op.execute(
        f"INSERT INTO {name} ({kept}, origin, why) SELECT {kept}, '', '' FROM old_{name} ORDER BY at, id"  # noqa: S608  names of this file
    )
    op.drop_table(f"old_{name}")
    for index in indexes:
        first = index.removeprefix(f"ix_{name}_")
        op.create_index(index, name, ["at"] if first == "at" else [f"{first}_id", "at"])
    if name == "access_log":
        index_case_readings()


def index_case_readings() -> None:
    log = sa.table("access_log", sa.column("seq", SEQUENCE), sa.column("case_ids", sa.JSON()))
    readings = sa.table("case_readings", sa.column("case_id", sa.Uuid()), sa.column("access_seq", SEQUENCE))
    for rows in in_parts(log, log.c.seq):
        found = [
            {"case_id": UUID(case_id), "access_seq": row.seq} for row in rows for case_id in set(row.case_ids)
        ]
        if found:
            op.get_bind().execute(readings.insert(), found)


def encrypt_what_is_there(keys: Keyring) -> None:
    for name, columns in ENCRYPTED.items():
        encrypt(name, [sa.column(one, sa.Text()) for one in columns], keys.encrypt_text)
    for name, columns in ENCRYPTED_BYTES.items():
        encrypt(name, [sa.column(one, sa.LargeBinary()) for one in columns], keys.encrypt)


def encrypt(name: str, columns: list[sa.ColumnClause], cipher: Callable[[Any], Any]) -> None:
    table = sa.table(name, sa.column("id", sa.Uuid()), *columns)
    change = (
        table.update()
        .where(table.c.id == sa.bindparam("row"))
        .values({one.name: sa.bindparam(f"new_{one.name}") for one in columns})
    )
    for rows in in_parts(table, table.c.id):
        for row in rows:
            values = {f"new_{one.name}": getattr(row, one.name) for one in columns}
            encrypted = {key: cipher(value) if value else value for key, value in values.items()}
            op.get_bind().execute(change, {"row": row.id} | encrypted)


def in_parts(table: sa.TableClause, key: sa.ColumnClause) -> Iterator[list[sa.Row]]:
    """A table's rows, some hundred in memory at a time."""
    keys = op.get_bind().scalars(sa.select(key)).all()
    for start in range(0, len(keys), AT_ONCE):
        wanted = sa.select(table).where(key.in_(keys[start : start + AT_ONCE]))
        yield list(op.get_bind().execute(wanted))
