"""The shop in an SQL database: the demo shop's own, or another by a mapping file."""

from actions.context.sql.mapping import load_mapping
from actions.context.sql.shop import SqlShop

__all__ = ["SqlShop", "load_mapping"]
