"""gaitlab from Python: recordings that analyse themselves, results with tables and plots."""
