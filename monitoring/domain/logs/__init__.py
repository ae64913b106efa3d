"""What a line of a log says: pure rules, without files, rows or a clock.

Expressions are RE2's: they take time in proportion to the line, whatever a person writes.
"""
