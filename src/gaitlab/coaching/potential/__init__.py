"""From one to three best times to the chance at a distance, and the speed reserve."""
