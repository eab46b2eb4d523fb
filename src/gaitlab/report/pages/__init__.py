"""Whole pages: one HTML file or PDF that needs nothing else."""
