"""A test in words, tables and pictures: what the screen and its page both show."""
