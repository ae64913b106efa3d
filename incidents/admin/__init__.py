from incidents.admin import incident, policy, stakeholders, suggestion

__all__ = ["incident", "policy", "stakeholders", "suggestion"]
