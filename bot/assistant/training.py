"""Training a model from Rasa's own files, with progress that a person can watch."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.assistant import tensorflow
from bot.assistant.model import quiet
from bot.assistant.training_check import check_examples, check_named_intents
from bot.errors import SetupError
from bot.knowledge.questions import QUESTIONS, read_questions
from bot.knowledge.shelf import shelf_of
from bot.rules_file import check_names, load_rules
from bot.yaml_file import read_mapping

FROM_THE_ROOT = "Start Warmline from the project's root, or restore the file."
# Said of every project with slots, and of every one whose entities come from patterns.
HARMLESS = (
    "Slot auto-fill has been removed in 3.0",
    "You have defined training data consisting of entity examples",
    "You have defined training data consisting of lookup tables",  # EntityRules reads them
)
HOOKS_LOGGER = "rasa.engine.training.hooks"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Project:
    """Where Rasa's files are; the names are Rasa's own."""

    root: Path
    models: Path

    @property
    def config(self) -> Path:
        return self.root / "config.yml"

    @property
    def domain(self) -> Path:
        return self.root / "domain.yml"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def endpoints(self) -> Path:
        return self.root / "endpoints.yml"


def configured_components(project: Project) -> list[str]:
    """The names of the components and policies in `config.yml`."""
    config = read_mapping(project.config, missing=FROM_THE_ROOT)
    return [
        str(component.get("name"))
        for section in ("pipeline", "policies")
        for component in config.get(section) or []
    ]


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model, and what Rasa found odd in the data it was made from."""

    model: Path
    warnings: tuple[str, ...]


def train(project: Project, progress: Progress) -> Trained:
    """Train NLU and dialogue; raise SetupError on broken data.

    Blocks for some 20 s. `progress` is called with the name of each component as it starts, and
    with an empty string when one is done.
    """
    if not tensorflow.is_needed(configured_components(project)):
        tensorflow.leave_out()
    quiet()
    progress("loading Rasa")
    from rasa.engine.exceptions import GraphComponentException
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    check_content(project)
    watcher = _ComponentWatcher(progress)
    logger = logging.getLogger(HOOKS_LOGGER)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(watcher)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    shown = io.StringIO()  # Rasa draws progress bars of its own: only ours is wanted
    project.models.mkdir(parents=True, exist_ok=True)
    try:
        with (
            # Rasa writes the file where it is to lie: who looks there would find half of it.
            TemporaryDirectory(prefix=".training-", dir=project.models) as folder,
            warnings.catch_warnings(record=True) as odd,
            contextlib.redirect_stdout(shown),
            contextlib.redirect_stderr(shown),
        ):
            warnings.simplefilter("always", UserWarning)
            result = rasa_train(
                domain=str(project.domain),
                config=str(project.config),
                training_files=[str(project.data)],
                output=folder,
            )
            model = None if result.model is None else _moved(Path(result.model), project.models)
    except GraphComponentException as error:
        raise as_setup_error(error, project.config) from error
    except RasaException as error:
        raise SetupError(
            str(error).strip(),
            where=f"the training data ({project.domain}, {project.config}, {project.data})",
            cure="Correct what is named above; `uv run rasa data validate` says more.",
        ) from error
    finally:
        logger.removeHandler(watcher)
        logger.setLevel(level)
        logger.propagate = propagate
    if model is None:
        raise SetupError(
            "training made no model",
            where=str(project.root.resolve()),
            cure="Run `uv run rasa data validate`: stories and NLU examples may be missing.",
        )
    return Trained(model, _of_rasa(odd))


def _moved(file: Path, folder: Path) -> Path:
    return file.replace(folder / file.name)


def as_setup_error(error: Exception, config: Path) -> SetupError:
    """What a component said, which Rasa wraps in words of its own."""
    cause = error.__cause__ or error
    if isinstance(cause, SetupError):
        return cause
    return SetupError(str(cause), where=str(config), cure="Correct the pipeline or the examples.")


def _of_rasa(odd: list[warnings.WarningMessage]) -> tuple[str, ...]:
    texts = (
        str(warning.message)
        for warning in odd
        if warning.category is UserWarning and "/rasa/" in warning.filename
    )
    return tuple(dict.fromkeys(text for text in texts if not text.startswith(HARMLESS)))


def check_content(project: Project) -> None:
    """Read the domain and the examples, so that a mistake is named before anything is trained."""
    content = read_mapping(project.domain, missing=FROM_THE_ROOT)
    from rasa.shared.core.domain import ALL_DOMAIN_KEYS, Domain
    from rasa.shared.exceptions import RasaException

    # Rasa passes over a key it does not know, and then knows no intents, say.
    known = ["version", "config", *ALL_DOMAIN_KEYS]
    for key in content:
        if key not in known:
            raise SetupError(
                "unknown key",
                where=f"{project.domain}, key '{key}'",
                cure=f"Known keys: {', '.join(known)}.",
            )

    try:
        domain = Domain.load(str(project.domain))
    except RasaException as error:
        raise SetupError(
            str(error).strip(), where=str(project.domain), cure="Correct the key named above."
        ) from error
    check_examples(project.data, set(domain.entities))
    check_named_intents(project.config, domain.intents)
    folder = project.data / "knowledge"
    read_questions(folder / QUESTIONS, shelf_of(folder).check())
    rules_file = project.root / "handoff.yml"
    slots = [slot.name for slot in domain.slots]
    check_names(load_rules(rules_file), rules_file, intents=domain.intents, slots=slots)


def check_files(project: Project) -> None:
    """Raise SetupError when a file of Rasa's is missing or no YAML; needs no Rasa, takes 50 ms."""
    for path in (project.config, project.domain, project.endpoints):
        read_mapping(path, missing=FROM_THE_ROOT)


def component_count(project: Project) -> int:
    """About how many steps `train` reports: every component is trained, and then applied."""
    return 2 * len(configured_components(project)) + 6


class _ComponentWatcher(logging.Handler):
    """Rasa says in its log which component it starts; nothing else tells how far it has come."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text.startswith("Starting to train component '"):
            self._progress(text.split("'")[1])
        elif text.startswith(("Finished training component", "Restored component")):
            self._progress("")
