"""Figures as a data office needs them.

Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATUSES = "'reported', 'small_sample', 'suppressed', 'not_available', 'not_tested'"
KINDS = "'district', 'county_office', 'documenter'"


def upgrade() -> None:
    with op.batch_alter_table("district", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_district_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_district_kind"), f"kind in ({KINDS}, 'school')")
        batch_op.create_check_constraint(
            batch_op.f("ck_district_parent"), "(kind = 'school') = (parent_id is not null)"
        )
        batch_op.create_foreign_key(batch_op.f("fk_district_parent_id_district"), "district", ["parent_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_district_parent_id"), ["parent_id"], unique=False)
    with op.batch_alter_table("figure_source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("place", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partnership_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mapping", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_import_batch_partnership_id_partnership"), "partnership", ["partnership_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_import_batch_undone_by_id_person"), "person", ["undone_by_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_import_batch_partnership_id"), ["partnership_id"], unique=False)
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_observation_status"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_observation_value"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_observation_status"), f"status in ({STATUSES}, 'held')")
        batch_op.create_check_constraint(
            batch_op.f("ck_observation_value"),
            "(value is not null) = (status in ('reported', 'small_sample', 'held'))",
        )
    op.create_table(
        "figure_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_figure_mapping_changed_by_id_person")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_figure_mapping_partnership_id_partnership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_mapping")),
        sa.UniqueConstraint("partnership_id", "name", name=op.f("uq_figure_mapping_partnership_id_name")),
    )
    op.create_table(
        "figure_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=60), nullable=False),
        sa.Column("mapping", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("preview", sa.JSON(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('unknown', 'reading', 'read', 'refused', 'loading', 'loaded')",
            name=op.f("ck_figure_upload_state"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_figure_upload_batch_id_import_batch")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_figure_upload_partnership_id_partnership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_figure_upload_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_upload")),
    )
    with op.batch_alter_table("figure_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_upload_partnership_id"), ["partnership_id"], unique=False)


def downgrade() -> None:
    op.drop_table("figure_upload")
    op.drop_table("figure_mapping")
    op.execute("DELETE FROM observation WHERE status = 'held'")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_observation_value"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_observation_status"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_observation_status"), f"status in ({STATUSES})")
        batch_op.create_check_constraint(
            batch_op.f("ck_observation_value"), "(value is not null) = (status in ('reported', 'small_sample'))"
        )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_partnership_id"))
        batch_op.drop_constraint(batch_op.f("fk_import_batch_undone_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_import_batch_partnership_id_partnership"), type_="foreignkey")
        batch_op.drop_column("undone_by_id")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("mapping")
        batch_op.drop_column("partnership_id")
    with op.batch_alter_table("figure_source", schema=None) as batch_op:
        batch_op.drop_column("place")
        batch_op.drop_column("line")
    op.execute("DELETE FROM observation WHERE district_id IN (SELECT id FROM district WHERE kind = 'school')")
    op.execute("DELETE FROM district WHERE kind = 'school'")
    with op.batch_alter_table("district", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_district_parent_id"))
        batch_op.drop_constraint(batch_op.f("fk_district_parent_id_district"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_district_parent"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_district_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_district_kind"), f"kind in ({KINDS})")
        batch_op.drop_column("parent_id")
