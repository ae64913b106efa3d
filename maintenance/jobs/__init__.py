"""Routine work that the machine does by itself: a file here is a job."""
