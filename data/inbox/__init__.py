"""The drop folder: deliveries taken when they are whole, archived by content, matched to submissions by their names."""
