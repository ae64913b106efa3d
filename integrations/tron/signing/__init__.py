"""Signatures come from a process of their own: the only one that ever holds a key."""
