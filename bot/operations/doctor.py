"""`warmline doctor`: what is wrong with this installation, and how to mend it.

It looks and changes nothing, and works when half of what it looks at is broken: a check that fails
says so, and the others go on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import textwrap
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.operations.checks import CHECKS
from bot.operations.finding import Finding, Level, ok, problem
from bot.operations.site import Site, read_site

LONGEST_CHECK_SECONDS = 20.0
INDENT = 22
WIDEST = 100
STYLES: Mapping[Level, str] = {"ok": "green", "warning": "yellow", "problem": "bold red"}
Findings = Mapping[str, list[Finding]]


def run(options: Mapping[str, str | None], project: Path, *, offline: bool, as_json: bool) -> int:
    """Look, tell, and return the exit code: 1 when there is a problem."""
    logging.getLogger().addHandler(logging.NullHandler())  # what is wrong is told below, once
    site, wrong = read_site(options, os.environ, project, offline=offline)
    findings = {"settings": wrong or [ok("Every setting can be used.")]}
    if site is not None:
        findings |= asyncio.run(examine(site))
    if as_json:
        print(json.dumps(as_lines(findings), indent=2, ensure_ascii=False))
    else:
        show(findings, Console(highlight=False, soft_wrap=True))
    return 1 if any(one.level == "problem" for found in findings.values() for one in found) else 0


async def examine(site: Site) -> Findings:
    """What every check found, all at once."""
    found = await asyncio.gather(*(_one(look, site) for look in CHECKS.values()))
    return dict(zip(CHECKS, found, strict=True))


async def _one(look: Callable[[Site], Awaitable[list[Finding]]], site: Site) -> list[Finding]:
    try:
        return await asyncio.wait_for(look(site), LONGEST_CHECK_SECONDS)
    except asyncio.TimeoutError:
        says = f"Nothing was found out within {LONGEST_CHECK_SECONDS:.0f} s."
        return [problem(says, cure="Whatever it asks hangs: look there.")]
    except Exception as error:  # whatever is broken here must not hide the rest
        says = f"This could not be looked at ({type(error).__name__})."
        return [problem(says, cure="Look at the other findings first; else report it.")]


def as_lines(findings: Findings) -> list[dict[str, str]]:
    """For programs."""
    return [
        {"check": check, **asdict(finding)}
        for check, found in findings.items()
        for finding in found
    ]


def show(findings: Findings, console: Console) -> None:
    """For people: a line each, and below what is not right how to mend it."""
    width = min(console.width, WIDEST) - INDENT
    for check, found in findings.items():
        for number, finding in enumerate(found):
            head = Text(f"{'' if number else check:<12} ", style="bold")
            head.append(f"{finding.level:<8} ", style=STYLES[finding.level])
            _wrapped(console, head, finding.says, width)
            if finding.cure:
                _wrapped(console, Text(" " * INDENT), f"→ {finding.cure}", width, style="dim")
    console.print()
    console.print(_summary(findings))


def _wrapped(console: Console, head: Text, says: str, width: int, *, style: str = "") -> None:
    first, *rest = textwrap.wrap(says, max(width, 30), break_on_hyphens=False) or [""]
    console.print(head.append(first, style=style or "not bold"))
    for line in rest:
        console.print(Text(" " * INDENT + line, style=style))


def _summary(findings: Findings) -> Text:
    levels = [one.level for found in findings.values() for one in found]
    problems, warnings = levels.count("problem"), levels.count("warning")
    if problems:
        return Text(f"Problems: {problems}, warnings: {warnings}.", style=STYLES["problem"])
    if warnings:
        return Text(f"No problem; warnings: {warnings}.", style=STYLES["warning"])
    return Text("All is well.", style=STYLES["ok"])
