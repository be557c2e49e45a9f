"""A database that cannot be used: what is wrong with it and the cure, never its password."""

from __future__ import annotations

import asyncio
import sqlite3

import asyncpg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import SetupError

# What opening a database raises: the drivers' own errors, SQLAlchemy's around them, the network's.
OPENING_ERRORS = (
    DBAPIError,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncio.TimeoutError,
    OSError,
)


def is_outage(error: BaseException) -> bool:
    """Whether it is the database that failed, rather than refused what it was asked: then the same
    may succeed once it is back."""
    if isinstance(error, DatabaseError):
        return isinstance(error, OperationalError) or error.connection_invalidated
    # The last is for whoever shared a transaction with one over whom its connection was lost.
    return isinstance(error, (*OPENING_ERRORS, PoolTimeoutError, PendingRollbackError))


def unusable(url: URL, error: BaseException) -> SetupError:
    """The SetupError for what opening or migrating this database raised."""
    cause = _cause(error)
    if isinstance(cause, asyncpg.InvalidAuthorizationSpecificationError):
        problem = f"the server refuses the user '{url.username}' or the password ({cause})"
        cure = "Correct the user and password in WARMLINE_DATABASE_URL; special characters in them"
        cure += " are written %XX."
    elif isinstance(cause, asyncpg.InvalidCatalogNameError):
        problem = f"the server has no database '{url.database}'"
        cure = f"Create it (`createdb {url.database}`), or name another one."
    elif isinstance(cause, asyncpg.InsufficientPrivilegeError):
        problem = f"the user '{url.username}' may not create tables there ({cause})"
        cure = "Make that user the database's owner: ALTER DATABASE … OWNER TO …."
    elif url.get_backend_name() == "sqlite":
        problem = f"the database cannot be opened or written ({type(cause).__name__}: {cause})"
        cure = "Check that the folder exists, is writable and has space."
    elif isinstance(cause, (OSError, asyncio.TimeoutError)):
        problem = f"the database server does not answer ({type(cause).__name__}: {cause})"
        cure = "Start the server, or correct the host and port in WARMLINE_DATABASE_URL."
    else:
        problem = f"the database cannot be used ({type(cause).__name__}: {cause})"
        cure = "Correct WARMLINE_DATABASE_URL, or mend what the server says."
    return SetupError(problem, where=f"WARMLINE_DATABASE_URL ({shown(url)})", cure=cure)


def shown(url: URL) -> str:
    """The address as it may be printed: options can hold a password too."""
    kept = {name: value for name, value in url.query.items() if name in {"host", "port"}}
    plain = url.set(drivername=url.get_backend_name(), query=kept)
    return plain.render_as_string(hide_password=True)


def _cause(error: BaseException) -> BaseException:
    """The driver's own error, below what SQLAlchemy wraps around it."""
    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig.__cause__ or error.orig
    return error
