"""One file for each kind of pod: bytes to samples and back; no radio, no waiting."""
