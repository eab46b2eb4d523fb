"""A folder as a library: recordings, who ran them, and an index that can be thrown away."""

from gaitlab.library.folder import Entry, Library, open_library

__all__ = ["Entry", "Library", "open_library"]
