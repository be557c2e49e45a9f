"""`data/knowledge/questions.csv`: what customers ask and which passage answers it.

The bot is never taught by it: it measures from which score a passage may be quoted.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SetupError
from bot.knowledge.article import Article

QUESTIONS = Path("questions.csv")
COLUMNS = ("text", "article", "passage")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the passages that answer it, by article and heading."""

    text: str
    article: str
    headings: tuple[str, ...]


def read_questions(path: Path, articles: Sequence[Article] | None = None) -> list[Question]:
    """Read `text,article,passage` lines (`|` between headings that answer it equally well), none
    where there is no file; raise SetupError naming the line, also for what `articles` lack."""
    questions = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise SetupError(
                    f"the first line is {','.join(reader.fieldnames or ()) or 'empty'}",
                    where=str(path),
                    cure=f"Write `{','.join(COLUMNS)}` as the first line.",
                )
            for row in reader:
                text, article, passage = (str(row.get(key) or "").strip() for key in COLUMNS)
                question = Question(text, article, tuple(passage.split("|")))
                if articles is not None:
                    _check(question, articles, where=f"{path}, line {reader.line_num}")
                questions.append(question)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(
            f"cannot be read ({error})", where=str(path), cure="Make it a UTF-8 CSV file."
        ) from error
    return questions


def _check(question: Question, articles: Sequence[Article], *, where: str) -> None:
    named = [one for one in articles if one.name == question.article]
    if not question.text or not named:
        raise SetupError(
            f"there is no article '{question.article}'" if question.text else "there is no text",
            where=where,
            cure="Write the question, and the name of a file of this folder without `.md`.",
        )
    headings = [passage.heading for passage in named[0].passages]
    missing = next((name for name in question.headings if name not in headings), None)
    if missing is not None:
        raise SetupError(
            f"the article '{question.article}' has no heading '{missing}'",
            where=where,
            cure=f"Its headings: {' | '.join(headings)}.",
        )
