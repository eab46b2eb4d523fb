"""A timed sprint from standing: from split times, from a recording, or from both."""
