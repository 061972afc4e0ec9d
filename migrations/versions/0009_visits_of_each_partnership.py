"""Visits of each partnership: when a member last saw their home page there.

Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("home_seen_at", sa.DateTime(timezone=True), nullable=True))
    # somebody in several partnerships may have seen one of them alone; of which, nothing tells
    op.execute(
        "UPDATE membership SET home_seen_at = (SELECT person.home_seen_at FROM person "
        "WHERE person.id = membership.person_id) WHERE (SELECT count(*) FROM membership AS other "
        "WHERE other.person_id = membership.person_id) = 1"
    )


def downgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.drop_column("home_seen_at")
