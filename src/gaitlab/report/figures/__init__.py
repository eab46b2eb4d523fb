"""Pictures: data and Axes in, Axes out. Nothing is computed, saved or shown here."""
