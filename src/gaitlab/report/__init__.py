"""Figures, tables, words and pages. The only import of matplotlib, and only when one is drawn."""

from gaitlab.report.comparison_page import write_comparison
from gaitlab.report.page import write_report

__all__ = ["write_comparison", "write_report"]
