"""A run as a folder for a web server: what may leave the house, its pages, and files to download."""
