"""The demo shop's tables, and a policy that a test may edit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from actions.policy import DEFAULT
from tests.actions.conftest import Talk

#: The fixture `customer`.
Customer = Callable[..., Talk]


@dataclass(frozen=True, slots=True)
class ShopFile:
    """The demo shop's tables, as its own systems see them."""

    engine: sa.Engine

    def set_order(self, number: str, **values: Any) -> None:
        """What became of the order meanwhile."""
        self.run(sa.update(tables.orders).where(tables.orders.c.number == number).values(values))

    def order(self, number: str) -> Any:
        """The order's row."""
        return self.rows(sa.select(tables.orders).where(tables.orders.c.number == number))[0]

    def set_stock(self, sku: str, size: str, quantity: int) -> None:
        """What is left of it."""
        this = sa.and_(tables.stock.c.sku == sku, tables.stock.c.size == size)
        self.run(sa.update(tables.stock).where(this).values(quantity=quantity))

    def customer(self, reference: str) -> Any:
        """The customer's row."""
        return self.rows(
            sa.select(tables.customers).where(tables.customers.c.reference == reference)
        )[0]

    def set_customer(self, reference: str, **values: Any) -> None:
        """What the customer, or the shop, changed meanwhile."""
        this = tables.customers.c.reference == reference
        self.run(sa.update(tables.customers).where(this).values(values))

    def delete_customer(self, reference: str) -> None:
        """The account is gone, as after the shop's own closing."""
        for table in reversed(tables.metadata.sorted_tables):
            columns = [column for column in table.c if column.name in ("customer", "reference")]
            if table in (tables.customers, tables.identities):
                self.run(sa.delete(table).where(columns[0] == reference))

    def mails(self, template: str) -> list[Any]:
        """What the shop sent of this kind, the oldest first."""
        sent = tables.mails
        return self.rows(sa.select(sent).where(sent.c.template == template).order_by(sent.c.id))

    def newest_mail(self) -> Any:
        """What the shop sent last."""
        return self.rows(sa.select(tables.mails).order_by(tables.mails.c.id.desc()).limit(1))[0]

    def newest_code(self) -> str:
        """The one-time code that was mailed last."""
        found = re.search(r"\b\d{6}\b", self.newest_mail().body)
        assert found is not None
        return found[0]

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(query))

    def run(self, statement: sa.Executable) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A copy of the shop's policy."""

    path: Path

    def put(self, before: str, after: str) -> None:
        """Edit a line."""
        text = self.path.read_text(encoding="utf-8")
        assert text.count(before) == 1
        self.path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def shop_file(shop_url: str) -> Iterator[ShopFile]:
    engine = sa.create_engine(shop_url.replace("+aiosqlite", ""))
    yield ShopFile(engine)
    engine.dispose()


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PolicyFile:
    path = tmp_path / "policy.yml"
    path.write_text(DEFAULT.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("WARMLINE_POLICY_FILE", str(path))
    return PolicyFile(path)
