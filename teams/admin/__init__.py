from teams.admin import people, rotations

__all__ = ["people", "rotations"]
