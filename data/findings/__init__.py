"""Findings of the checks: the collector, and one rule per code with its words and its cure."""
