"""What pages load: addresses that change with it, compressed, and named before it is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application

from desk.static_files import FOLDER, StaticFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page's module that imports another, which imports a third and the first again."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "desk" / "desk.js").write_text(
        '/** @typedef {import("./types.js").Never} Never */\nimport "./list.js";\n'
        'import {\n  one,\n  two,\n} from "../shared/words.js";\nexport const far = "./far.js";\n'
    )
    (tmp_path / "desk" / "list.js").write_text('export { one } from "../shared/words.js";\n')
    (tmp_path / "shared" / "words.js").write_text('import "../desk/list.js";\nlet one, two;\n')
    return tmp_path


def test_a_page_names_all_that_its_module_imports_however_far_away(folder: Path) -> None:
    files = StaticFiles(folder)
    assert files.modules("desk/desk.js") == [
        files.address("desk/list.js"),
        files.address("shared/words.js"),
    ]


def test_an_address_changes_with_any_file(folder: Path) -> None:
    before = StaticFiles(folder).address("desk/desk.js")
    assert StaticFiles(folder).address("desk/desk.js") == before
    (folder / "shared" / "words.js").write_text("let three;\n")
    assert StaticFiles(folder).address("desk/desk.js") != before


def test_a_page_cannot_name_what_is_not_there(folder: Path) -> None:
    with pytest.raises(KeyError):
        StaticFiles(folder).address("desk/gone.js")


async def test_a_file_is_kept_for_good_but_not_under_another_versions_address(folder: Path) -> None:
    files = StaticFiles(folder)
    app = Application()
    files.mount(app)
    async with TestClient(TestServer(app)) as client:
        own = await client.get(files.address("desk/list.js"))
        assert own.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert own.headers["Content-Encoding"] == "gzip"
        assert own.content_type in ("text/javascript", "application/javascript")
        assert await own.text() == (folder / "desk" / "list.js").read_text()
        plain = await client.get(
            files.address("desk/list.js"), headers={"Accept-Encoding": "identity"}
        )
        assert "Content-Encoding" not in plain.headers
        assert await plain.text() == await own.text()
        other = await client.get("/static/of-another/desk/list.js")
        assert (other.status, other.headers["Cache-Control"]) == (200, "no-cache")
        for nowhere in ("desk/none.js", "../pages.py", "%2e%2e/pages.py", "desk"):
            assert (await client.get(f"/static/v/{nowhere}")).status == 404


def test_every_module_of_a_page_is_found_by_its_imports() -> None:
    for page in ("desk/desk.js", "console/console.js", "widget/main.js", "shop/shop.js"):
        named = StaticFiles(FOLDER).modules(page)
        said = re.findall(r'^import [^;]*"(\.[^"]+)";', (FOLDER / page).read_text(), re.MULTILINE)
        assert len(named) >= len(said)
