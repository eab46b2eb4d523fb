"""Many recordings at once: the same analysis, one after the other or on many machines."""
