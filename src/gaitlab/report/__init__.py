"""Figures, tables, words and pages. The only import of matplotlib, and only when one is drawn."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gaitlab.report.pages.comparison import write_comparison
    from gaitlab.report.pages.recording import write_report

__all__ = ["write_comparison", "write_report"]
WHERE: Final = {"write_comparison": "comparison", "write_report": "recording"}


def __getattr__(name: str) -> object:
    """A page of one recording needs nothing of comparisons, so each is imported when asked for."""
    if name not in WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"gaitlab.report.pages.{WHERE[name]}"), name)
