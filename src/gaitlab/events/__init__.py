"""From an even signal to the instants of ground contact."""
