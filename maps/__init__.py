"""What people look at: the interactive map and its words."""
