"""Files: reading, checking, writing recordings."""

from gaitlab.recordings.reading import load

__all__ = ["load"]
