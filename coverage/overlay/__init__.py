"""Spans and people joined, band after band; kept between runs, distributed over workers."""
