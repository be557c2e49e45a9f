"""What is put under load: Warmline, and stock Rasa as near to durable as it gets.

Both answer from the same rows of one demo shop, and both sync what they store to disk.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from actions.context.demo import seed
from bench.backing import Backing
from bench.customers import Step
from bench.programs import (
    LOOPBACK,
    NOTHING,
    ROOT,
    ServerFailed,
    answering,
    cache,
    command,
    free_port,
    listens,
    run,
    started,
    until,
)

PEER = ROOT / "bench" / "peer"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Programs that together answer at `url`: the id of each one's first process, by its name."""

    url: str
    programs: Mapping[str, int]


@asynccontextmanager
async def warmline(
    backing: Backing,
    first: Step,
    *,
    workers: int = 0,
    module: str | None = None,
    variables: Mapping[str, str] = NOTHING,
) -> AsyncIterator[Deployment]:
    """`warmline serve`, and so many `warmline worker` beside it, ready to answer `first`.

    `module` is run in place of the command, with its arguments; `variables` come on top of what is
    set here.
    """
    program = [command("python"), "-m", module] if module else [command("warmline")]
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as name:
        folder = Path(name)
        shop = f"sqlite+aiosqlite:///{folder / 'shop.db'}"
        await seed(shop)
        settings = {
            "WARMLINE_DATABASE_URL": backing.database_url,
            "WARMLINE_REDIS_URL": backing.redis_url or "",
            "WARMLINE_DATA_DIR": str(folder),
            "WARMLINE_SECRET_KEY": "only for as long as the measurement",
            "WARMLINE_SHOP_DATABASE_URL": shop,
            **variables,
        }
        async with AsyncExitStack() as stack:
            start = partial(_start, stack, cwd=ROOT, variables=settings)
            log = folder / "serve.log"
            serving = await start([*program, "serve", "--port", str(port)], log=log)
            programs = {"warmline serve": serving.pid}
            for number in range(1, workers + 1):
                log_of_worker = folder / f"worker-{number}.log"
                worker = await start([*program, "worker"], log=log_of_worker)
                await until(partial(_has_started, log_of_worker), worker, log_of_worker)
                programs[f"warmline worker {number}"] = worker.pid
            url = f"http://{LOOPBACK}:{port}"
            await answering(serving, url, first, log)
            yield Deployment(url, {**programs, **backing.servers})


@asynccontextmanager
async def stock_rasa(model: Path, backing: Backing, first: Step) -> AsyncIterator[Deployment]:
    """`rasa run` with an SQL tracker store and a Redis lock store, and `rasa run actions`."""
    if backing.redis_url is None:
        raise ValueError("stock Rasa's locks need a Redis")
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as name:
        folder = Path(name)
        shop = folder / "shop.db"
        await seed(f"sqlite+aiosqlite:///{shop}")
        port, actions_port = free_port(), free_port()
        endpoints = folder / "endpoints.yml"
        with endpoints.open("w", encoding="utf-8") as file:
            YAML().dump(peer_endpoints(backing, actions_port), file)
        async with AsyncExitStack() as stack:
            variables = {"SHOP_FILE": str(shop)}
            start = partial(_start, stack, cwd=PEER / "bot", variables=variables)
            log = folder / "actions.log"
            acting = await start(
                [_peer("rasa"), "run", "actions", "--port", str(actions_port)], log=log
            )
            await until(partial(listens, actions_port), acting, log)
            log = folder / "rasa.log"
            files = ("--endpoints", str(endpoints), "--credentials", "credentials.yml")
            where = ("-i", LOOPBACK, "-p", str(port), "--model", str(model))
            serving = await start([_peer("rasa"), "run", *where, *files], log=log)
            url = f"http://{LOOPBACK}:{port}"
            await answering(serving, url, first, log)
            programs = {"rasa run": serving.pid, "rasa run actions": acting.pid}
            yield Deployment(url, {**programs, **backing.servers})


def peer_endpoints(backing: Backing, actions_port: int) -> dict[str, Any]:
    """Stock Rasa's `endpoints.yml` over these servers."""
    scheme, _, place = backing.database_url.partition("://")
    store = {"dialect": "sqlite", "db": place.removeprefix("/")}
    if scheme == "postgresql":
        # Rasa takes a whole address as it is; in parts it could not name a socket's folder.
        store = {"dialect": "postgresql", "url": backing.database_url}
    redis = urlsplit(backing.redis_url or "")
    locks = {"url": redis.hostname, "port": redis.port, "db": int(redis.path.lstrip("/"))}
    return {
        "tracker_store": {"type": "SQL", **store},
        "lock_store": {"type": "redis", **locks},
        "action_endpoint": {"url": f"http://{LOOPBACK}:{actions_port}/webhook"},
    }


async def make_peer() -> Path:
    """Stock Rasa's own environment and its trained model, both made on first use: minutes.

    Raises ServerFailed.
    """
    _install_peer()
    kept = cache() / f"peer-{_fingerprint()}"
    models = sorted(kept.glob("*.tar.gz"))
    if models:
        return models[-1]
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="making-") as name:
        made = Path(name) / "models"
        training = [_peer("rasa"), "train", "--out", str(made)]
        await run(training, cwd=PEER / "bot", log=Path(name) / "log")
        shutil.rmtree(kept, ignore_errors=True)
        made.rename(kept)
    return next(kept.glob("*.tar.gz"))


def _install_peer() -> None:
    program = os.environ.get("UV") or shutil.which("uv")
    if program is None:
        raise ServerFailed("`uv` is not on the path: start this with `uv run`")
    # Its own environment, whatever the one we run in is told to be.
    outer = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    variables = {name: value for name, value in os.environ.items() if name not in outer}
    installing = [program, "sync", "--locked", "--project", str(PEER)]
    if subprocess.run(installing, env=variables, check=False).returncode:  # noqa: S603
        raise ServerFailed(f"`{' '.join(installing)}` failed")


def _fingerprint() -> str:
    """Changes with everything that the model is made from."""
    files = sorted([PEER / "uv.lock", *(PEER / "bot").rglob("*.yml")])
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


async def _start(stack: AsyncExitStack, program: Sequence[str], **how: Any) -> Any:
    return await stack.enter_async_context(started(program, **how))


def _has_started(log: Path) -> bool:
    return "worker_started" in log.read_text(encoding="utf-8", errors="replace")


def _peer(name: str) -> str:
    return str(PEER / ".venv" / "bin" / name)
