"""The demo shop over a database of each kind."""

from tests.actions.context.demo_shop import demo_shop as demo_shop
from tests.actions.context.demo_shop import demo_shop_url as demo_shop_url
from tests.actions.context.demo_shop import seeded_database as seeded_database
from tests.actions.context.demo_shop import seeded_file as seeded_file
