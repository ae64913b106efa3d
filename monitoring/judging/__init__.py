"""Keeps a judge for each metric, and lets it judge what is new.

The judges live in the memory of whoever judges. What they are fed is written down line by line, in
the transaction of what follows from it; now and then one of them is written down whole. So a
successor, or a second worker, repeats the lines it has not seen and is the same to the last bit.
"""

from monitoring.judging.tick import detect

__all__ = ["detect"]
