"""Runners beside runners, bands and published values, at the same speed or not at all."""
