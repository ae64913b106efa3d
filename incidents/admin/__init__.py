from incidents.admin import incident, policy

__all__ = ["incident", "policy"]
