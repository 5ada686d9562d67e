"""How sure it is: figures, ranks and black spots under moved edges, other people and other weights."""
