"""What lies around black spots: roads, rivers, settlements and public places, drawn beside the figures and part of none."""
