"""Numbers for the pictures of how somebody runs: from contacts and signals to what is drawn."""
