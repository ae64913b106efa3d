from incidents.admin import escalation, incident, policy, stakeholders, suggestion

__all__ = ["escalation", "incident", "policy", "stakeholders", "suggestion"]
