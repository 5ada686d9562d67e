"""The folder that goes back to an operator."""
