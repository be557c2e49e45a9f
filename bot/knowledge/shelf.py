"""The articles as their files are now: a changed, added or removed one counts at the next look.

Strict at start and in training, forgiving while customers write: a broken file leaves its article
as it last was right, and the log names it. Looking costs one `stat` a file.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

from bot.errors import SetupError
from bot.knowledge.article import Article, read_article

log = logging.getLogger(__name__)

FOLDER = Path("data/knowledge")
Stamp = tuple[int, int, int]


class Shelf:
    """The articles of one folder. May be asked from any thread; reads files, so not the loop's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._seen: dict[Path, Stamp] = {}
        self._read: dict[Path, tuple[Stamp, Article]] = {}
        self._articles: tuple[Article, ...] = ()

    def check(self) -> tuple[Article, ...]:
        """Every file as it is now; raise SetupError for the first that is wrong."""
        with self._lock:
            stamps = self._stamps()
            for path, stamp in sorted(self._changed(stamps).items()):
                self._read[path] = stamp, read_article(path)
            articles = [self._read[path][1] for path in sorted(stamps)]
            for wrong in _repeated(articles):
                raise wrong
            return tuple(articles)

    def articles(self) -> tuple[Article, ...]:
        """What the files say; the same tuple as long as none has changed. A file that went wrong
        says what it said before."""
        with self._lock:
            stamps = self._stamps()
            if stamps != self._seen:
                self._read = {path: one for path, one in self._read.items() if path in stamps}
                self._read.update(_readable(self._changed(stamps)))
                self._articles = _without_repeated(self._read)
                self._seen = stamps
            return self._articles

    def _changed(self, stamps: Mapping[Path, Stamp]) -> dict[Path, Stamp]:
        return {
            path: stamp
            for path, stamp in stamps.items()
            if path not in self._read or self._read[path][0] != stamp
        }

    def _stamps(self) -> dict[Path, Stamp]:
        stamps = {}
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(".md"):
                    with suppress(FileNotFoundError):  # gone since it was listed
                        told = entry.stat()
                        stamp = (told.st_mtime_ns, told.st_size, told.st_ino)
                        stamps[self._folder / entry.name] = stamp
        return stamps


def _readable(stamps: Mapping[Path, Stamp]) -> Iterator[tuple[Path, tuple[Stamp, Article]]]:
    for path, stamp in stamps.items():
        try:
            yield path, (stamp, read_article(path))
        except SetupError as error:
            log.error("article_refused where=%s problem=%s", error.where, error.problem)


def _repeated(articles: Iterable[Article]) -> Iterator[SetupError]:
    by_url: dict[str, Article] = {}
    for article in articles:
        first = by_url.setdefault(article.url, article)
        if first is not article:
            yield SetupError(
                f"{first.path.name} has the same url, '{article.url}'",
                where=f"{article.path}, key 'url'",
                cure="Give each article a url of its own.",
            )


def _without_repeated(read: Mapping[Path, tuple[Stamp, Article]]) -> tuple[Article, ...]:
    articles = [read[path][1] for path in sorted(read)]
    for error in _repeated(articles):
        log.error("article_refused where=%s problem=%s", error.where, error.problem)
    by_url: dict[str, Article] = {}
    for article in articles:
        by_url.setdefault(article.url, article)
    return tuple(by_url.values())


@lru_cache(maxsize=8)
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder)


def shelf_of(folder: Path) -> Shelf:
    """This process's one shelf of the folder."""
    return _shelf(folder.resolve())
