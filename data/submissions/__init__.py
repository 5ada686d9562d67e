"""What operators hand in: read, checked, accepted, or replaced by the last good version."""
