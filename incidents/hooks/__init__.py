"""Doors for those who carry a person's answer to us. Whatever is not signed is refused without a hint."""
