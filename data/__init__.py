"""What comes in and what is kept: project file, readers, checks, run store, exporters."""
