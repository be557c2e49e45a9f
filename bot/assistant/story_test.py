"""The project's test stories, run against a model by Rasa's own test."""

from __future__ import annotations

import asyncio
import contextlib
import io
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.assistant import tensorflow
from bot.assistant.model import components_of, quiet
from bot.errors import SetupError
from bot.yaml_file import read_mapping

FAILED = "failed_test_stories.yml"


def failed_stories(model: Path, stories: Path) -> list[str]:
    """The names of the stories in that folder that do not hold; raise SetupError when Rasa cannot
    read them, or makes nothing of them. Takes seconds, and needs a loop of its own."""
    if not tensorflow.is_needed(components_of(model)):
        tensorflow.leave_out()
    quiet()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rasa.model_testing import test_core
        from rasa.shared.exceptions import RasaException

    shown = io.StringIO()  # Rasa draws bars and writes a report: only its verdict is wanted
    with (
        TemporaryDirectory(prefix="warmline-") as folder,
        contextlib.redirect_stdout(shown),
        contextlib.redirect_stderr(shown),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            asyncio.run(
                test_core(
                    model=str(model),
                    stories=str(stories),
                    output=folder,
                    additional_arguments={"disable_plotting": True},
                    use_conversation_test_files=True,
                )
            )
            failed = Path(folder) / FAILED
            content = read_mapping(failed, missing="Rasa's test wrote no result.")
        except (RasaException, ValueError) as error:
            raise SetupError(
                str(error).strip() or type(error).__name__,
                where=str(stories),
                cure="`uv run rasa test` says more.",
            ) from error
    return [str(story.get("story")) for story in content.get("stories") or ()]
