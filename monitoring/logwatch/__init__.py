"""The process that follows logs: feeds bring lines, readings judge them, a write a moment keeps it."""
