"""From combinations of layers to people per commune, service and operator rule."""
