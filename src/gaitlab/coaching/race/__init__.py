"""A race lap by lap: the way along the course, the bends, and the kick at the end."""
