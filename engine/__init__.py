"""How we talk to Temporal: one client, whose payloads and failure messages are encrypted."""
