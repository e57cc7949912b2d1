"""Charts of other systems, read into charted encounters or refused in words."""
