"""gaitlab: running mechanics from shoe-worn motion sensors.

>>> import gaitlab
>>> sorted(gaitlab.__all__)
['Analysis', 'Recording', '__version__', 'analyze', 'load']
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitlab.model.analysis import Analysis
    from gaitlab.model.recording import Recording
    from gaitlab.pipeline import analyze
    from gaitlab.recordings import load

    __version__: str

__all__ = ["Analysis", "Recording", "__version__", "analyze", "load"]

_HOME = {
    "Analysis": "gaitlab.model.analysis",
    "Recording": "gaitlab.model.recording",
    "analyze": "gaitlab.pipeline",
    "load": "gaitlab.recordings",
}


def __getattr__(name: str) -> object:
    """Resolve a public name on first use, so that ``import gaitlab`` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("gaitlab-running")
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'gaitlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
