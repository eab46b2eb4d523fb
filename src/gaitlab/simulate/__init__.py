"""Runners whose truth is known."""
