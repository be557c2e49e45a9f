"""The model: there, whole, promising something, and no older than what it was made from."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.assistant.model import card_of, components_of, newest_model
from bot.assistant.training import Project, check_files
from bot.errors import SetupError
from bot.operations.finding import Finding, ok, problem, refused, warning
from bot.operations.site import Site

TRAIN = "Run `warmline train`, or train a candidate on the console and promote it."


async def look(site: Site) -> list[Finding]:
    project = Project(site.settings.project, site.settings.models)
    try:
        check_files(project)
    except SetupError as error:
        return [refused(error)]
    return await asyncio.to_thread(_look, project)


def _look(project: Project) -> list[Finding]:
    model = newest_model(project.models)
    if model is None:
        return [problem(f"There is no model in {project.models}.", cure=TRAIN)]
    try:
        components_of(model)
    except SetupError as error:
        return [refused(error)]
    return [ok(f"{model.name} is whole."), *_card(model), *_age(project, model)]


def _card(model: Path) -> list[Finding]:
    if card_of(model) is None:
        says = "It has no card: nothing says from which confidence on it may answer."
        return [warning(says, cure=TRAIN)]
    return [ok("Its card says from which confidence on it answers.")]


def _age(project: Project, model: Path) -> list[Finding]:
    """Whether somebody changed the data and trained nothing since."""
    made = model.stat().st_mtime
    sources = [project.config, project.domain, *project.data.rglob("*.yml")]
    newer = [path for path in sources if path.stat().st_mtime > made]
    if not newer:
        return [ok("It is newer than the data that it is made from.")]
    first = min(newer).relative_to(project.root)
    more = f" and {len(newer) - 1} more" if len(newer) > 1 else ""
    return [warning(f"{first}{more} changed after it was trained.", cure=TRAIN)]
