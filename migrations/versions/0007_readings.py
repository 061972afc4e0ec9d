"""Readings: which posts somebody opened, and when last.

Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_reading_post_id_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "post_id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_person_id_read_at"), "reading", ["person_id", "read_at"])
    op.create_index(op.f("ix_reading_read_at_post_id"), "reading", ["read_at", "post_id"])
    op.create_index(op.f("ix_reading_post_id"), "reading", ["post_id"])


def downgrade() -> None:
    op.drop_table("reading")
