"""What a coach asks."""
