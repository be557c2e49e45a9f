"""The demo shop in each kind of database, to be copied."""

from tests.actions.context.seeded import seeded_database as seeded_database
from tests.actions.context.seeded import seeded_file as seeded_file
