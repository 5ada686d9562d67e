"""What is covered: coverage polygons against communes and people."""

if __name__ == "coverage":
    # Some tool started in the repository root asked for coverage.py and found this folder first.
    # Step aside: drop the root from the search path and load the real one under its own name.
    import sys
    from importlib import import_module
    from pathlib import Path

    _root = Path(__file__).resolve().parents[1]
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _root]
    del sys.modules["coverage"]
    import_module("coverage")
