"""Files: reading, checking, writing recordings."""
