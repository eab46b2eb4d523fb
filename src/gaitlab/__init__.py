"""gaitlab: running mechanics from shoe-worn motion sensors.

>>> import gaitlab
>>> sorted(gaitlab.__all__)
['Analysis', 'Comparison', 'Recording', '__version__', 'analyze', 'compare', 'from_gaitmap', 'load']
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitlab.api.comparison import Comparison, compare
    from gaitlab.api.recording import Recording, analyze, from_gaitmap, load
    from gaitlab.api.result import Analysis

    __version__: str

__all__ = [
    "Analysis", "Comparison", "Recording", "__version__", "analyze", "compare",
    "from_gaitmap", "load",
]  # fmt: skip

_HOME = {
    "Analysis": "gaitlab.api.result",
    "Comparison": "gaitlab.api.comparison",
    "Recording": "gaitlab.api.recording",
    "analyze": "gaitlab.api.recording",
    "compare": "gaitlab.api.comparison",
    "from_gaitmap": "gaitlab.api.recording",
    "load": "gaitlab.api.recording",
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
