"""Arrays in, arrays out; knows nothing about running."""
