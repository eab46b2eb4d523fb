"""Recording and replaying: what comes in is kept first, then analysed and shown."""
