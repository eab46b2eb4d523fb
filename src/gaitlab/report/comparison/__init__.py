"""What stands on the page of a comparison: pictures, tables, sentences."""
