"""The address to listen on: free, or ours already."""

from __future__ import annotations

import contextlib
import errno
import socket

from bot.operations.asking import HEALTHZ, NoAnswer, asked
from bot.operations.finding import Finding, ok, problem
from bot.operations.site import Site


async def look(site: Site) -> list[Finding]:
    host, port = site.settings.host, site.settings.port
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with contextlib.closing(socket.create_server((host, port), family=family)):
            return [ok(f"{shown} is free to listen on.")]
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            says = f"{shown} cannot be listened on ({error.strerror or type(error).__name__})."
            cure = "Use an address of this machine, and a port above 1023."
            return [problem(says, cure=cure)]
    with contextlib.suppress(NoAnswer):
        near = "127.0.0.1" if host == "0.0.0.0" else "[::1]" if host == "::" else shown  # noqa: S104
        at = near if near == shown else f"{near}:{port}"
        if (await asked(f"http://{at}{HEALTHZ}")).status == 200:
            return [ok(f"A server answers on {shown} already.")]
    cure = "Stop the program that has it, or choose another with WARMLINE_PORT."
    return [problem(f"{shown} is taken, and what has it does not answer {HEALTHZ}.", cure=cure)]
