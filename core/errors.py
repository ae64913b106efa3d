class Refused(Exception):
    """What was asked does not fit the present state; the text is for the person who asked."""
