from typing import Any

from monitoring.models import Integration


def add_integration(source: str, *, name: str, **more: Any) -> tuple[Integration, str]:
    """A new integration and its token, which is seen only here."""
    integration = Integration(source=source, name=name, **more)
    token = integration.new_token()
    integration.full_clean()
    integration.save()
    return integration, token
