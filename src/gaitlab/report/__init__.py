"""Figures, tables, words and pages. The only import of matplotlib."""
