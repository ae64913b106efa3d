"""A small simulated outside world, met over the wire only: it knows nothing of the product."""
