"""Every side effect that workflows ask for: thin over casework, and safe to run twice."""
