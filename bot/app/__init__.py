"""The composition root: the only place where things are wired."""

from __future__ import annotations

from bot.app.processes import running, working
from bot.app.website import ROUTES, SERVICES

__all__ = ["ROUTES", "SERVICES", "running", "working"]
