"""What must outlive the engine: the relay of wakes, the outbox, the exchange, and adoption."""
