"""The product's speed beside what bounds it: `python -m bench [measure …]` prints one table."""
