"""Articles as files: read, cut into passages, followed while they change, and named when broken."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.knowledge.article import Passage, read_article
from bot.knowledge.questions import read_questions
from bot.knowledge.shelf import Shelf

ROOT = Path(__file__).parents[2]
HEAD = "---\ntitle: Boots\nurl: /help/boots\nkeywords: [wax, soles]\n---\n"


def write(path: Path, content: str) -> Path:
    """Replaces the file as an editor does: written aside, then moved into place."""
    aside = path.with_suffix(".new")
    aside.write_text(content, encoding="utf-8")
    os.replace(aside, path)
    return path


def article(url: str = "/help/boots", text: str = "Wax them.") -> str:
    return f"---\ntitle: Boots\nurl: {url}\n---\n## Care\n{text}\n"


def test_headings_cut_an_article_into_passages_of_plain_words(tmp_path: Path) -> None:
    body = (
        "Leads in.\n\n## The *first* `one`\nSome **bold** and\na [link](/x).\n\n- one\n- two\n\n"
        "### Deeper\nMore.\n"
    )
    read = read_article(write(tmp_path / "boots.md", HEAD + body))
    assert (read.name, read.title, read.url, read.keywords) == (
        "boots",
        "Boots",
        "/help/boots",
        ("wax", "soles"),
    )
    assert read.passages == (
        Passage("The first one", "Some bold and a link.\n• one\n• two"),
        Passage("Deeper", "More."),
    )


def test_without_headings_an_article_is_one_passage(tmp_path: Path) -> None:
    read = read_article(write(tmp_path / "boots.md", f"{HEAD}Wax them.\n\nOften.\n"))
    assert read.passages == (Passage("", "Wax them.\nOften."),)


@pytest.mark.parametrize(
    ("content", "where", "problem"),
    [
        ("", "line 1", "says nothing of itself"),
        ("## Care\nWax.\n", "line 1", "says nothing of itself"),
        ("---\ntitle: Boots\n## Care\n", "line 1", "second `---` is missing"),
        ("---\ntitle: Boots: care\nurl: /help/boots\n---\nWax.\n", "line 2", "not valid YAML"),
        ("---\ntitle: Boots\nurl: /a\nauthor: Ada\n---\nWax.\n", "line 4", "unknown key 'author'"),
        ("---\nurl: /help/boots\n---\nWax.\n", "key 'title'", "has no title"),
        ("---\ntitle: Boots\nurl: javascript:alert(1)\n---\nWax.\n", "key 'url'", "no path"),
        ("---\ntitle: Boots\nurl: //elsewhere.test/x\n---\nWax.\n", "key 'url'", "no path"),
        ("---\ntitle: Boots\nurl: /a\nkeywords: wax\n---\nWax.\n", "key 'keywords'", "a list"),
        (f"{HEAD}## Care\n\n## Soles\nNew ones.\n", "line 6", "nothing stands under “Care”"),
        (HEAD, "line 6", "has no text"),
    ],
)
def test_a_broken_article_is_named_with_its_place(
    tmp_path: Path, content: str, where: str, problem: str
) -> None:
    path = write(tmp_path / "boots.md", content)
    with pytest.raises(SetupError) as caught:
        Shelf(tmp_path).check()
    assert caught.value.where.startswith(str(path))
    assert caught.value.where.endswith(where)
    assert problem in caught.value.problem
    assert caught.value.cure


def test_two_articles_with_one_url(tmp_path: Path) -> None:
    write(tmp_path / "a.md", article())
    write(tmp_path / "b.md", article())
    with pytest.raises(SetupError) as caught:
        Shelf(tmp_path).check()
    assert "b.md" in caught.value.where
    assert "a.md has the same url" in caught.value.problem


def test_what_is_changed_added_or_removed_counts_at_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.articles() == ()
    write(tmp_path / "a.md", article("/help/a"))
    kept = write(tmp_path / "b.md", article("/help/b"))
    before = shelf.articles()
    assert [one.name for one in before] == ["a", "b"]
    assert shelf.articles() is before
    write(tmp_path / "a.md", article("/help/a", "Oil them."))
    after = shelf.articles()
    assert after[0].passages[0].text == "Oil them."
    assert after[1] is before[1]  # nothing of it has to be embedded anew
    kept.unlink()
    assert [one.name for one in shelf.articles()] == ["a"]


def test_a_broken_file_leaves_its_article_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(tmp_path)
    write(tmp_path / "a.md", article("/help/a"))
    good = shelf.articles()
    write(tmp_path / "a.md", "no front matter")
    with caplog.at_level(logging.ERROR):
        assert shelf.articles()[0] is good[0]
        assert shelf.articles()[0] is good[0]
    (record,) = caplog.records  # said once, not at each message
    assert "a.md, line 1" in record.getMessage()
    write(tmp_path / "a.md", article("/help/a", "Mended."))
    assert shelf.articles()[0].passages[0].text == "Mended."


def test_of_two_with_one_url_the_second_comes_back_when_the_first_goes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first = write(tmp_path / "a.md", article())
    write(tmp_path / "b.md", article())
    assert [one.name for one in shelf.articles()] == ["a"]
    first.unlink()
    assert [one.name for one in shelf.articles()] == ["b"]


def test_a_question_names_an_article_and_a_heading_there_is(tmp_path: Path) -> None:
    write(tmp_path / "boots.md", article())
    articles = Shelf(tmp_path).check()
    asked = tmp_path / "questions.csv"
    assert read_questions(asked, articles) == []
    for line, problem in (
        ("how do I wax,shoes,Care", "no article 'shoes'"),
        ("how do I wax,boots,Soles", "no heading 'Soles'"),
        (",boots,Care", "there is no text"),
    ):
        asked.write_text(f"text,article,passage\nhow,boots,Care\n{line}\n", encoding="utf-8")
        with pytest.raises(SetupError) as caught:
            read_questions(asked, articles)
        assert caught.value.where == f"{asked}, line 3"
        assert problem in caught.value.problem


def test_the_shops_own_articles_and_questions_are_right() -> None:
    folder = ROOT / "data" / "knowledge"
    articles = Shelf(folder).check()
    assert len(articles) >= 25
    asked = read_questions(folder / "questions.csv", articles)
    kept_apart = ROOT / "tests" / "understanding" / "knowledge_questions.csv"
    held_out = read_questions(kept_apart, articles)
    assert len(held_out) >= 150
    assert not {one.text.lower() for one in asked} & {one.text.lower() for one in held_out}
