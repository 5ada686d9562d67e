"""Two runs put beside each other, on screen and as a folder of files."""
