"""How much is left where the data folder is, read whenever `/metrics` is."""

from __future__ import annotations

import math
import shutil
from functools import partial
from pathlib import Path

from bot import metrics


def watch_disk(folder: Path) -> None:
    metrics.disk_free_bytes.set_function(partial(_free, folder))


def _free(folder: Path) -> float:
    try:
        return float(shutil.disk_usage(folder).free)
    except OSError:
        return math.nan  # what else there is to tell is told all the same
