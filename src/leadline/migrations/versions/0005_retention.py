"""For how many months a site keeps its hits.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "sites",
        sa.Column(
            "retention",
            sa.Integer(),
            nullable=True,
            comment="months; 0 is for ever, null as the server is set",
        ),
    )
