"""Figures, tables, words and pages. The only import of matplotlib, and only when one is drawn."""

from gaitlab.report.pages.comparison import write_comparison
from gaitlab.report.pages.recording import write_report

__all__ = ["write_comparison", "write_report"]
