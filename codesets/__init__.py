"""Which codes exist on a date, and what they say. Nothing is loaded before it is asked for."""
