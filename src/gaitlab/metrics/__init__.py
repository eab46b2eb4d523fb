"""From strides to the numbers that people read."""
