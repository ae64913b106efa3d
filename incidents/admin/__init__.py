from incidents.admin import incident, policy, stakeholders

__all__ = ["incident", "policy", "stakeholders"]
