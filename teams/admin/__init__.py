from teams.admin import people, rotations, signing_in

__all__ = ["people", "rotations", "signing_in"]
