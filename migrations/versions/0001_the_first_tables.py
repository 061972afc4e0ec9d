"""The first tables.

Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("cds_code", sa.String(length=14), nullable=True),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('district', 'county_office', 'documenter')", name=op.f("ck_district_kind")),
        sa.CheckConstraint("cds_code is null or length(cds_code) = 14", name=op.f("ck_district_cds_code")),
        sa.CheckConstraint("colour between 1 and 8", name=op.f("ck_district_colour")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("cds_code", name=op.f("uq_district_cds_code")),
    )
    op.create_table(
        "figure_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("release", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_source")),
        sa.UniqueConstraint("name", name=op.f("uq_figure_source_name")),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("timing", sa.String(length=8), nullable=False),
        sa.Column("numerator", sa.String(), nullable=False),
        sa.Column("denominator", sa.String(), nullable=False),
        sa.Column("population", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("cadence", sa.String(), nullable=False),
        sa.Column("suppression_rule", sa.String(), nullable=False),
        sa.Column("caveats", sa.String(), nullable=False),
        sa.Column("abbreviations", sa.JSON(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("companion_id", sa.Integer(), nullable=True),
        sa.Column("strand_name", sa.String(length=80), nullable=False),
        sa.CheckConstraint("direction in ('higher', 'lower', 'neither')", name=op.f("ck_indicator_direction")),
        sa.CheckConstraint("kind in ('outcome', 'process', 'balancing')", name=op.f("ck_indicator_kind")),
        sa.CheckConstraint("timing in ('lagging', 'leading')", name=op.f("ck_indicator_timing")),
        sa.CheckConstraint("unit in ('percent', 'points', 'count', 'index')", name=op.f("ck_indicator_unit")),
        sa.CheckConstraint("decimals between 0 and 4", name=op.f("ck_indicator_decimals")),
        sa.ForeignKeyConstraint(["companion_id"], ["indicator.id"], name=op.f("fk_indicator_companion_id_indicator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_name_run_at_id"), ["name", "run_at", "id"], unique=False)

    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_written_at"), ["written_at"], unique=False)

    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
        sa.UniqueConstraint("name", name=op.f("uq_partnership_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("expertise", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("home_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email")),
        sa.ForeignKeyConstraint(["successor_id"], ["person.id"], name=op.f("fk_person_successor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_account_at"), ["account", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failure_address_at"), ["address", "at"], unique=False)

    op.create_table(
        "student_group",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("short", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_student_group")),
    )
    op.create_table(
        "definition_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_definition_note_district_id_district")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_definition_note_indicator_id_indicator"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_definition_note_written_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_note")),
        sa.UniqueConstraint("indicator_id", "district_id", name=op.f("uq_definition_note_indicator_id_district_id")),
    )
    op.create_table(
        "definition_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=True),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.Column("is_break", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_definition_version_indicator_id_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_version")),
        sa.UniqueConstraint("indicator_id", "code", name=op.f("uq_definition_version_indicator_id_code")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("thing", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_event_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_event_partnership_id_partnership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_partnership_id_at_id"), ["partnership_id", "at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_thing"), ["thing"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_same", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["imported_by_id"], ["person.id"], name=op.f("fk_import_batch_imported_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("is_data_office", sa.Boolean(), nullable=False),
        sa.Column("strand_ids", sa.JSON(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("lands_on", sa.String(length=300), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_invitation_district_id_district")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id_person")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_invitation_partnership_id_partnership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("is_data_office", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("role in ('manager', 'strand_lead', 'member', 'observer')", name=op.f("ck_membership_role")),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_membership_dates")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_membership_district_id_district")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_membership_partnership_id_partnership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("person_id", "partnership_id", name=op.f("uq_membership_person_id_partnership_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "partnership_district",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_partnership_district_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_partnership_district_partnership_id_partnership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("partnership_id", "district_id", name=op.f("pk_partnership_district")),
    )
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_password_reset_token_digest")),
    )
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_reset_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_sign_in_partnership_id_partnership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_token_digest")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "strand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("degree", sa.String(length=12), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("degree in ('parallel', 'exchange', 'joint')", name=op.f("ck_strand_degree")),
        sa.CheckConstraint("colour between 1 and 8", name=op.f("ck_strand_colour")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_strand_partnership_id_partnership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strand")),
        sa.UniqueConstraint("partnership_id", "name", name=op.f("uq_strand_partnership_id_name")),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("prior", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(value is not null) = (status in ('reported', 'small_sample'))", name=op.f("ck_observation_value")
        ),
        sa.CheckConstraint(
            "status in ('reported', 'small_sample', 'suppressed', 'not_available', 'not_tested')",
            name=op.f("ck_observation_status"),
        ),
        sa.CheckConstraint("denominator is null or denominator >= 0", name=op.f("ck_observation_denominator")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_observation_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_observation_district_id_district")),
        sa.ForeignKeyConstraint(
            ["group_code"], ["student_group.code"], name=op.f("fk_observation_group_code_student_group")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["figure_source.id"], name=op.f("fk_observation_source_id_figure_source")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["definition_version.id"], name=op.f("fk_observation_version_id_definition_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint(
            "version_id",
            "district_id",
            "group_code",
            "school_year",
            "source_id",
            "vintage",
            name=op.f("uq_observation_version_id_district_id_group_code_school_year_source_id_vintage"),
        ),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "ix_observation_latest",
            ["version_id", "group_code", "district_id", "school_year"],
            unique=False,
            sqlite_where=sa.text("is_latest = 1"),
            postgresql_where=sa.text("is_latest"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("strand_id", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trashed_by_id", sa.Integer(), nullable=True),
        sa.Column("draft_key", sa.String(length=64), nullable=True),
        sa.Column("import_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_post_title")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_post_author_id_person")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_post_district_id_district")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_post_edited_by_id_person")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_post_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["shared_by_id"], ["person.id"], name=op.f("fk_post_shared_by_id_person")),
        sa.ForeignKeyConstraint(["strand_id"], ["strand.id"], name=op.f("fk_post_strand_id_strand")),
        sa.ForeignKeyConstraint(["trashed_by_id"], ["person.id"], name=op.f("fk_post_trashed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_post_draft_key")),
        sa.UniqueConstraint("partnership_id", "import_key", name=op.f("uq_post_partnership_id_import_key")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_district_id"), ["district_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_post_partnership_id_kind_shared_at_id"),
            ["partnership_id", "kind", "shared_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_post_partnership_id_shared_at_id"), ["partnership_id", "shared_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_post_school_year"), ["school_year"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_post_strand_id_shared_at_id"), ["strand_id", "shared_at", "id"], unique=False
        )

    op.create_table(
        "strand_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strand_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_strand_term_dates")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_strand_term_district_id_district")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_strand_term_person_id_person")),
        sa.ForeignKeyConstraint(
            ["strand_id"], ["strand.id"], name=op.f("fk_strand_term_strand_id_strand"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strand_term")),
    )
    with op.batch_alter_table("strand_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_strand_term_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_strand_term_strand_id"), ["strand_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_comment_post_id_post"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reply_to_id"], ["comment.id"], name=op.f("fk_comment_reply_to_id_comment"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_said_at"), ["said_at"], unique=False)

    op.create_table(
        "indicator_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("expected", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("essa_tier", sa.String(length=10), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "essa_tier in ('rationale', 'promising', 'moderate', 'strong')", name=op.f("ck_indicator_link_essa_tier")
        ),
        sa.CheckConstraint(
            "essa_tier is null or evidence = 'external_study'", name=op.f("ck_indicator_link_essa_tier_of_study")
        ),
        sa.CheckConstraint(
            "evidence in ('hypothesis', 'practitioner_report', 'tested_locally', 'external_study')",
            name=op.f("ck_indicator_link_evidence"),
        ),
        sa.CheckConstraint("expected in ('increase', 'decrease', 'hold')", name=op.f("ck_indicator_link_expected")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_link_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_indicator_link_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_indicator_link_set_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_link")),
        sa.UniqueConstraint("post_id", "indicator_id", name=op.f("uq_indicator_link_post_id_indicator_id")),
    )
    with op.batch_alter_table("indicator_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_link_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "meeting_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_kind", sa.String(length=12), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("agenda", sa.String(), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("focus", sa.String(), nullable=False),
        sa.Column("look_fors", sa.String(), nullable=False),
        sa.Column("take_aways", sa.String(), nullable=False),
        sa.CheckConstraint(
            "meeting_kind in ('strand-call', 'cabinet', 'site-visit', 'data-review')",
            name=op.f("ck_meeting_note_meeting_kind"),
        ),
        sa.ForeignKeyConstraint(["id"], ["post.id"], name=op.f("fk_meeting_note_id_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_note")),
    )
    with op.batch_alter_table("meeting_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_note_met_on"), ["met_on"], unique=False)

    op.create_table(
        "post_audience",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_audience_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "label", name=op.f("pk_post_audience")),
    )
    with op.batch_alter_table("post_audience", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_audience_label_post_id"), ["label", "post_id"], unique=False)

    op.create_table(
        "post_link",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("to_post_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_link_post_id_post"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["to_post_id"], ["post.id"], name=op.f("fk_post_link_to_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "to_post_id", name=op.f("pk_post_link")),
    )
    with op.batch_alter_table("post_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_link_to_post_id"), ["to_post_id"], unique=False)

    op.create_table(
        "post_mention",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_mention_person_id_person")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_mention_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_post_mention")),
    )
    with op.batch_alter_table("post_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_mention_person_id"), ["person_id"], unique=False)

    op.create_table(
        "post_tag",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_tag_post_id_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "tag", name=op.f("pk_post_tag")),
    )
    with op.batch_alter_table("post_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("serves_grades", sa.String(length=80), nullable=False),
        sa.Column("conditions_time", sa.String(), nullable=False),
        sa.Column("conditions_cost", sa.String(), nullable=False),
        sa.Column("conditions_training", sa.String(), nullable=False),
        sa.Column("core", sa.String(), nullable=False),
        sa.Column("may_adapt", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("retired_reason", sa.String(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state != 'retired' or retired_reason != ''", name=op.f("ck_practice_retired_reason")),
        sa.CheckConstraint(
            "state in ('idea', 'testing', 'adopted', 'spreading', 'retired')", name=op.f("ck_practice_state")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_practice_confirmed_by_id_person")),
        sa.ForeignKeyConstraint(["id"], ["post.id"], name=op.f("fk_practice_id_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_revision_author_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_revision_post_id_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revision_post_id_number")),
    )
    op.create_table(
        "strand_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_year", sa.Integer(), nullable=False),
        sa.Column("plan_problem", sa.String(), nullable=False),
        sa.Column("root_causes", sa.String(), nullable=False),
        sa.Column("theory_if", sa.String(), nullable=False),
        sa.Column("theory_then", sa.String(), nullable=False),
        sa.Column("theory_so_that", sa.String(), nullable=False),
        sa.Column("reflection", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["post.id"], name=op.f("fk_strand_plan_id_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strand_plan")),
    )
    op.create_table(
        "working_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_working_copy_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_working_copy_person_id_person")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_working_copy_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_copy")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_working_copy_person_id_key")),
    )
    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("scale", sa.String(length=200), nullable=False),
        sa.Column("adapted", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("happened", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict in ('adopt', 'adapt', 'abandon')", name=op.f("ck_adoption_verdict")),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_adoption_dates")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_adoption_district_id_district")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["practice.id"], name=op.f("fk_adoption_post_id_practice"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_adoption_recorded_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
    )
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoption_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "attendee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("others", sa.String(length=200), nullable=False),
        sa.CheckConstraint("person_id is not null or others != ''", name=op.f("ck_attendee_someone")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_attendee_district_id_district")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendee_person_id_person")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["meeting_note.id"], name=op.f("fk_attendee_post_id_meeting_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
    )
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendee_post_id"), ["post_id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("owed_to_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state in ('open', 'late', 'blocked', 'done', 'dropped')", name=op.f("ck_commitment_state")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_commitment_district_id_district")),
        sa.ForeignKeyConstraint(["owed_to_id"], ["district.id"], name=op.f("fk_commitment_owed_to_id_district")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_commitment_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["meeting_note.id"], name=op.f("fk_commitment_post_id_meeting_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_closed_on"), ["closed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_state_post_id"), ["state", "post_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("confirms_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirms_id"], ["decision.id"], name=op.f("fk_decision_confirms_id_decision"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["meeting_note.id"], name=op.f("fk_decision_post_id_meeting_note"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["decision.id"], name=op.f("fk_decision_reverses_id_decision"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_reverses_id"), ["reverses_id"], unique=False)

    op.create_table(
        "driver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint("kind in ('primary', 'secondary')", name=op.f("ck_driver_kind")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["strand_plan.id"], name=op.f("fk_driver_post_id_strand_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver")),
    )
    with op.batch_alter_table("driver", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_driver_post_id"), ["post_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("baseline_year", sa.Integer(), nullable=True),
        sa.Column("baseline", sa.BigInteger(), nullable=True),
        sa.Column("target_year", sa.Integer(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_measure_district_id_district")),
        sa.ForeignKeyConstraint(
            ["group_code"], ["student_group.code"], name=op.f("fk_measure_group_code_student_group")
        ),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_measure_indicator_id_indicator")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["strand_plan.id"], name=op.f("fk_measure_post_id_strand_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_post_id"), ["post_id"], unique=False)

    op.create_table(
        "open_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["meeting_note.id"], name=op.f("fk_open_question_post_id_meeting_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_question")),
    )
    with op.batch_alter_table("open_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_question_post_id"), ["post_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state in ('open', 'under_way', 'done', 'dropped')", name=op.f("ck_plan_action_state")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_plan_action_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["strand_plan.id"], name=op.f("fk_plan_action_post_id_strand_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_action_post_id"), ["post_id"], unique=False)

    op.create_table(
        "practice_contact",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_contact_person_id_person")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["practice.id"], name=op.f("fk_practice_contact_post_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_practice_contact")),
    )
    op.create_table(
        "practice_group",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_code"], ["student_group.code"], name=op.f("fk_practice_group_group_code_student_group")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["practice.id"], name=op.f("fk_practice_group_post_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "group_code", name=op.f("pk_practice_group")),
    )


def downgrade() -> None:
    op.drop_table("practice_group")
    op.drop_table("practice_contact")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_action_post_id"))

    op.drop_table("plan_action")
    with op.batch_alter_table("open_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_question_post_id"))

    op.drop_table("open_question")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_post_id"))
        batch_op.drop_index(batch_op.f("ix_measure_indicator_id"))

    op.drop_table("measure")
    with op.batch_alter_table("driver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_driver_post_id"))

    op.drop_table("driver")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_reverses_id"))
        batch_op.drop_index(batch_op.f("ix_decision_post_id"))

    op.drop_table("decision")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_post_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_closed_on"))
        batch_op.drop_index(batch_op.f("ix_commitment_state_post_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_owner_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_due_on"))

    op.drop_table("commitment")
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendee_post_id"))

    op.drop_table("attendee")
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_post_id"))
        batch_op.drop_index(batch_op.f("ix_adoption_recorded_at"))

    op.drop_table("adoption")
    op.drop_table("working_copy")
    op.drop_table("strand_plan")
    op.drop_table("revision")
    op.drop_table("practice")
    with op.batch_alter_table("post_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_tag_tag"))

    op.drop_table("post_tag")
    with op.batch_alter_table("post_mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_mention_person_id"))

    op.drop_table("post_mention")
    with op.batch_alter_table("post_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_link_to_post_id"))

    op.drop_table("post_link")
    with op.batch_alter_table("post_audience", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_audience_label_post_id"))

    op.drop_table("post_audience")
    with op.batch_alter_table("meeting_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_note_met_on"))

    op.drop_table("meeting_note")
    with op.batch_alter_table("indicator_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_link_indicator_id"))

    op.drop_table("indicator_link")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_post_id"))
        batch_op.drop_index(batch_op.f("ix_comment_said_at"))

    op.drop_table("comment")
    with op.batch_alter_table("strand_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_strand_term_strand_id"))
        batch_op.drop_index(batch_op.f("ix_strand_term_person_id"))

    op.drop_table("strand_term")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_strand_id_shared_at_id"))
        batch_op.drop_index(batch_op.f("ix_post_school_year"))
        batch_op.drop_index(batch_op.f("ix_post_partnership_id_shared_at_id"))
        batch_op.drop_index(batch_op.f("ix_post_partnership_id_kind_shared_at_id"))
        batch_op.drop_index(batch_op.f("ix_post_district_id"))
        batch_op.drop_index(batch_op.f("ix_post_author_id"))

    op.drop_table("post")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_observation_latest", sqlite_where=sa.text("is_latest = 1"), postgresql_where=sa.text("is_latest")
        )
        batch_op.drop_index(batch_op.f("ix_observation_batch_id"))

    op.drop_table("observation")
    op.drop_table("strand")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_reset_person_id"))

    op.drop_table("password_reset")
    op.drop_table("partnership_district")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_partnership_id"))

    op.drop_table("membership")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_partnership_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))

    op.drop_table("invitation")
    op.drop_table("import_batch")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_thing"))
        batch_op.drop_index(batch_op.f("ix_event_partnership_id_at_id"))
        batch_op.drop_index(batch_op.f("ix_event_at"))

    op.drop_table("event")
    op.drop_table("definition_version")
    op.drop_table("definition_note")
    op.drop_table("student_group")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_address_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_account_at"))

    op.drop_table("sign_in_failure")
    op.drop_table("person")
    op.drop_table("partnership")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_written_at"))

    op.drop_table("letter")
    op.drop_table("lease")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_name_run_at_id"))

    op.drop_table("job")
    op.drop_table("indicator")
    op.drop_table("figure_source")
    op.drop_table("district")
