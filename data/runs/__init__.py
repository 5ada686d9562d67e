"""Run folders: listing, publishing, manifest, history, status."""
