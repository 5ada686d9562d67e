"""The parts of ``blackspot check`` that need no grid."""
