"""A run put beside the others as a folder that a web server can show."""
