"""The land of the sample country: its terrain, and how what lies on it grows over a grid."""
