"""gaitlab: running mechanics from shoe-worn motion sensors."""
