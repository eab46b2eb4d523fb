"""Ground floor: what the data is, in which unit. Imports numpy only."""
