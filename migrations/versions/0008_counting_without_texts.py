"""Counting posts without reading their texts.

Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = (
    ("partnership_id", "shared_at", "id"),
    ("strand_id", "shared_at", "id"),
    ("partnership_id", "kind", "shared_at", "id"),
)


def upgrade() -> None:
    for columns in BEFORE:
        op.drop_index(op.f("ix_post_" + "_".join(columns)), table_name="post")
        after = (*columns, "trashed_at")
        op.create_index(op.f("ix_post_" + "_".join(after)), "post", list(after))


def downgrade() -> None:
    for columns in BEFORE:
        after = (*columns, "trashed_at")
        op.drop_index(op.f("ix_post_" + "_".join(after)), table_name="post")
        op.create_index(op.f("ix_post_" + "_".join(columns)), "post", list(columns))
