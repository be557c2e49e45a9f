"""Reading the YAML files people edit, with errors that name the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError

from bot.errors import SetupError


class _Constructor(SafeConstructor):
    """Leaves `${NAME}` as it is written. Importing Rasa teaches the constructor that all readers
    share to fill it in, and to raise an error of Rasa's own where it cannot."""


_Constructor.add_constructor("!env_var", SafeConstructor.construct_yaml_str)


def read_mapping(path: Path, *, missing: str) -> dict[str, Any]:
    """The file's mapping, empty for an empty file.

    Raises SetupError with the line when the file is broken, and with the cure `missing` when it
    is not there.
    """
    try:
        reader = YAML(typ="safe")
        reader.Constructor = _Constructor
        content = reader.load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SetupError("the file is missing", where=str(path), cure=missing) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(
            f"the file cannot be read ({error})",
            where=str(path),
            cure="Check its permissions, and that it is a UTF-8 text.",
        ) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise SetupError(
            f"not valid YAML: {error.problem}",
            where=f"{path}, line {line}",
            cure="Correct that line; indentation is two spaces, and `key: value` needs the space.",
        ) from error
    if content is not None and not isinstance(content, dict):
        raise SetupError("a mapping is expected", where=str(path), cure="Write `key: value` lines.")
    return content or {}
