"""Rasa without TensorFlow, for the models that do not use it.

Sixteen of Rasa's files import TensorFlow at their top, also when no component of the model needs
it. That costs 4.5 s of CPU and 255 MB at every start. When nothing in `config.yml` needs it, a
finder answers those imports with empty stand-ins; with DIET or TED configured, the real one loads.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

ROOTS = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})
NEEDED_BY = frozenset(
    {
        "ConveRTFeaturizer",
        "DIETClassifier",
        "LanguageModelFeaturizer",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)


def is_needed(components: Iterable[str]) -> bool:
    """Whether one of these component names (short or dotted) computes with TensorFlow.

    A component we know nothing of is given the real one: the stand-in would break it.
    """
    for name in components:
        module, _, short = name.rpartition(".")
        if short in NEEDED_BY or (module and not module.startswith(("rasa.", "bot."))):
            return True
    return False


def leave_out() -> None:
    """Answer every import of TensorFlow with a stand-in, unless the real one is loaded already."""
    if "tensorflow" in sys.modules:
        return
    sys.meta_path.insert(0, _StandInFinder())


@contextmanager
def hidden() -> Iterator[None]:
    """Let `import tensorflow` fail meanwhile, for libraries that ask what is there (spaCy)."""
    loaded = sys.modules.get("tensorflow")
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # Python's own way to say "no"
    try:
        yield
    finally:
        del sys.modules["tensorflow"]
        if loaded is not None:
            sys.modules["tensorflow"] = loaded


class _StandInType(type):
    """Rasa derives classes from TensorFlow's and names its types in annotations; no more."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __getitem__(cls, _item: object) -> type:
        return cls


def _stand_in(name: str) -> type:
    return _StandInType(name, (), {"__init__": _accept, "__call__": _decorate})


def _accept(_self: object, *_args: object, **_kwargs: object) -> None:
    """Stand-ins are constructed only as decorators, e.g. `@tf.function(...)`."""


def _decorate(_self: object, decorated: object = None, *_args: object, **_kwargs: object) -> object:
    return decorated


class _StandInModule(types.ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []  # submodules are asked of the finder too

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _stand_in(name)
        setattr(self, name, value)
        return value


class _StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in ROOTS:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: names appear as they are asked for."""
