"""Middles, lines and paces that several questions of a coach share."""
