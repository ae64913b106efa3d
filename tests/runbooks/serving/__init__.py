"""Three small HTTP servers on hosts of their own, and whoever asks them."""
