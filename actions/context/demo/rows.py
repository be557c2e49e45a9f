"""The demo shop's rows, by table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

Row = dict[str, Any]
Rows = dict[sa.Table, list[Row]]
