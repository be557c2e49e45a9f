"""The mapping file: the shop's own tables, read as the typed interface speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Keys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from actions.context.errors import ShopMisconfigured
from actions.context.sql.fields import Amounts, Fields
from actions.context.sql.reads import READS, Read

#: The demo shop's own, in the project.
DEMO = Path(__file__).parents[3] / "data" / "shop" / "sql.yml"
CHANGES, AMOUNTS = "changes", "amounts"
_AMOUNTS: dict[str, Amounts] = {"cents": "cents", "units": "units"}
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_SELECT = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one shop is read. A statement is None where the shop has nothing like it; `changes` says
    whether the tables are the demo shop's own, so that Warmline can change them."""

    path: Path
    changes: bool
    amounts: Amounts
    statements: Keys[str, sa.TextClause | None]

    def where(self, key: str) -> str:
        """The place in the file, for people."""
        return f"{self.path}, key '{key}'"

    def rows(self, connection: sa.Connection, key: str, **given: str | None) -> list[Fields]:
        """What the shop returns for one read. Raises ShopMisconfigured if a column is missing."""
        statement = self.statements[key]
        if statement is None:
            return []
        result = connection.execute(statement, {name: _storable(given[name]) for name in given})
        columns, where = tuple(result.keys()), self.where(key)
        self.check_columns(key, columns)
        return [
            Fields(where, dict(zip(columns, row, strict=True)), self.amounts)
            for row in result.all()
        ]

    def row(self, connection: sa.Connection, key: str, **given: str | None) -> Fields | None:
        """The same where there can be only one. Raises ShopUnavailable if there are more."""
        found = self.rows(connection, key, **given)
        if len(found) > 1:
            raise found[0].lie("more than one row came back where there can be only one")
        return found[0] if found else None

    def check_columns(self, key: str, columns: Iterable[str]) -> None:
        """Raises ShopMisconfigured if one that is needed is not among `columns`."""
        missing = READS[key].columns.difference(columns)
        if missing:
            named = ", ".join(f"'{column}'" for column in sorted(missing))
            raise ShopMisconfigured(
                f"the SELECT returns no column {named}",
                where=self.where(key),
                cure="Name it with AS; where the shop knows no such thing, write `NULL AS` it.",
            )


def _storable(value: str | None) -> str | None:
    """The text as any database can hold it: what none can then finds nothing, and fails nowhere."""
    return value and value.replace("\0", "\ufffd").encode(errors="replace").decode()


@cache
def demo_mapping() -> Mapping:
    """The demo shop's own."""
    return load_mapping(DEMO)


def load_mapping(path: Path) -> Mapping:
    """The mapping in the file. Raises ShopMisconfigured naming the key."""
    content = _content(path)
    for key in content:
        if key not in READS and key not in (CHANGES, AMOUNTS):
            raise ShopMisconfigured(
                "there is no such key",
                where=f"{path}, key '{key}'",
                cure=f"Known keys: {', '.join([CHANGES, AMOUNTS, *READS])}.",
            )
    changes = content.get(CHANGES)
    if not isinstance(changes, bool):
        raise ShopMisconfigured(
            "it must say true or false",
            where=f"{path}, key '{CHANGES}'",
            cure="Write `false`, unless the tables are the demo shop's own.",
        )
    amounts = content.get(AMOUNTS)
    if not isinstance(amounts, str) or amounts not in _AMOUNTS:
        raise ShopMisconfigured(
            "it must say cents or units",
            where=f"{path}, key '{AMOUNTS}'",
            cure="Write `cents` where 12900 means 129.00, and `units` where 129.00 stands itself.",
        )
    statements = {
        key: _statement(content, key, read, f"{path}, key '{key}'") for key, read in READS.items()
    }
    return Mapping(path, changes, _AMOUNTS[amounts], statements)


def _content(path: Path) -> dict[Any, Any]:
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ShopMisconfigured(
            "the file is missing",
            where=str(path),
            cure="Create it, or name another one with WARMLINE_SHOP_MAPPING.",
        ) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ShopMisconfigured(
            f"the file cannot be read ({getattr(error, 'problem', None) or error})",
            where=f"{path}, line {mark.line + 1}" if mark else str(path),
            cure="It must be a readable YAML file: `key: |`, and the SELECT indented below.",
        ) from error
    if not isinstance(content, dict):
        raise ShopMisconfigured(
            "a mapping is expected", where=str(path), cure="Write `key: |` and a SELECT below."
        )
    return content


def _statement(content: Keys[Any, Any], key: str, read: Read, where: str) -> sa.TextClause | None:
    if content.get(key) is None and read.optional and key in content:
        return None
    text = content.get(key)
    if not isinstance(text, str):
        without = " A shop that has nothing like it says so: `null`." if read.optional else ""
        raise ShopMisconfigured(
            "a SELECT is missing",
            where=where,
            cure=f"Write one that returns {', '.join(sorted(read.columns))}.{without}",
        )
    text = text.strip().removesuffix(";")
    if not _SELECT.match(_COMMENT.sub("", text)):
        raise ShopMisconfigured(
            "only a SELECT may stand here", where=where, cure="Begin with SELECT or WITH."
        )
    statement = sa.text(text)
    used = set(statement.compile().params)
    if not read.given <= used <= read.given | read.may:
        named = ", ".join(f":{name}" for name in sorted(read.given)) or "none"
        raise ShopMisconfigured(
            f"the parameters are not the ones it is given ({named})",
            where=where,
            cure="Limit the rows with them in WHERE; write a colon that names nothing as `\\:`.",
        )
    return statement
