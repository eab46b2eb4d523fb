"""Files: reading, checking, writing recordings."""

from gaitlab.recordings.exchange import save_plain
from gaitlab.recordings.reading import load
from gaitlab.recordings.store_writing import save

__all__ = ["load", "save", "save_plain"]
