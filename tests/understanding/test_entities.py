"""What is found in a message besides its intent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from actions import wording
from bot.assistant.nlu.annoyance import frustration
from bot.assistant.nlu.entities import EntityRules
from bot.assistant.nlu.language_guess import guess_language

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 25)  # a Wednesday
EVERYTHING = ["order_number", "postcode", "email", "phone", "money", "date"]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> EntityRules:
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    rules = EntityRules({"entities": EVERYTHING}, storage, Resource("rules"))
    names = ["Ridgeline 40L backpack", "Fell boots"]
    rules.train(TrainingData(lookup_tables=[{"name": "product", "elements": names}]))
    return rules


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("where is order W-10432?", {"order_number": "10432"}),
        ("it cost £12345 or 10,432.50", {"money": "£12345"}),
        ("that was 45 pounds", {"money": "45 pounds"}),
        ("£19.99 too much", {"money": "£19.99"}),
        ("call me on 07700 900123", {"phone": "07700 900123"}),
        ("+44 7700 900123 please", {"phone": "+44 7700 900123"}),
        ("I'm jo.bloggs+shop@mail.example.co.uk", {"email": "jo.bloggs+shop@mail.example.co.uk"}),
        ("nw51tl", {"postcode": "nw51tl"}),
        ("10432 to SW11 3RA", {"order_number": "10432", "postcode": "SW11 3RA"}),
        ("ordered yesterday", {"date": "2026-11-24"}),
        ("it should come next friday", {"date": "2026-11-27"}),
        ("last Friday", {"date": "2026-11-20"}),
        ("three days ago", {"date": "2026-11-22"}),
        ("in a week", {"date": "2026-12-02"}),
        ("on 12/03/2026", {"date": "2026-03-12"}),
        ("since 3rd of June", {"date": "2026-06-03"}),
        ("on December 20", {"date": "2026-12-20"}),
        ("the day before yesterday", {"date": "2026-11-23"}),
        ("31/02/2026", {}),
        ("may I ask something", {}),
        ("do you have the fell BOOTS in 9?", {"product": "fell BOOTS"}),
        ("1234567890123456789012345", {}),
        ("version 10.43211", {}),
    ],
)
def test_entities(rules: EntityRules, text: str, found: dict[str, str]) -> None:
    entities = rules.find(text, TODAY)
    assert {entity["entity"]: entity["value"] for entity in entities} == found
    assert all(text[one["start"] : one["end"]] for one in entities)


def test_the_names_come_back_from_the_model(rules: EntityRules, tmp_path: Path) -> None:
    loaded = EntityRules.load(
        {"entities": []},
        rules._storage,
        rules._resource,
        None,
    )
    assert loaded.find("a ridgeline 40l backpack, yesterday")[0]["entity"] == "product"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("where is my order?", 0, 0),
        ("thanks, that's not ridiculous at all", 0, 0),
        ("WHERE IS MY ORDER", 0.3, 0.5),
        ("I'm a bit disappointed", 0.2, 0.5),
        ("This is ridiculous!!! I am sick of this", 0.7, 1),
        ("what the hell is going on", 0.4, 0.6),
        ("THIS IS A FUCKING JOKE 😡", 0.8, 1),
        ("OK", 0, 0),
    ],
)
def test_frustration(text: str, least: float, most: float) -> None:
    assert least <= frustration(text) <= most


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order please", "en"),
        ("Wann kommt mein Paket endlich an", "de"),
        ("dove si trova il mio ordine", "it"),
        ("Mein Konto ist gesperrt worden", "de"),
        ("Où est ma commande ?", "fr"),
        ("Por favor cancele mi pedido", "es"),
        ("Czy mogę zmienić adres dostawy?", "pl"),
        ("我的订单在哪里", "zh"),
        ("I haven't gotten my new card.", None),
        ("bank options direct deposit", None),
        ("ok", None),
        ("W-10432", None),
        ("😀😀😀", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    guess = guess_language(text)
    assert (guess and guess[0]) == language


@pytest.mark.parametrize(
    ("entity", "text", "found"),
    [
        ("order_number", "order no. 10432, #10587 and W-10640", ["10432", "10587", "10640"]),
        ("order_number", "call 07700 900123, I paid £10432 or 12345.50 or 104321", []),
        ("postcode", "it goes to bs1 4dj or SW113RA", ["bs1 4dj", "SW113RA"]),
        ("postcode", "order 10432 at 4 pm", []),
    ],
)
def test_what_is_found_is_what_the_shops_actions_accept(
    rules: EntityRules, entity: str, text: str, found: list[str]
) -> None:
    values = [one["value"] for one in rules.find(text, TODAY) if one["entity"] == entity]
    assert values == found
    assert all(getattr(wording, entity)(value) for value in values)


def test_the_shop_can_name_all_it_sells() -> None:
    reader = YAML(typ="safe")
    listed = reader.load((ROOT / "data/entities/products.yml").read_text("utf-8"))["nlu"][0]
    names = {line.removeprefix("- ") for line in listed["examples"].splitlines()}
    sold = reader.load((ROOT / "data/demo/products.yml").read_text("utf-8"))["products"]
    assert listed["lookup"] == "product"
    assert names == {product["name"] for product in sold.values()}
