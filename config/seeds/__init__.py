"""What a new installation starts with: the manual's severities, teams and people (M1.1, M1.2, M3.2).

Everything is a default an administrator can change: what exists is never overwritten.
"""
