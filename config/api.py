from django.urls import include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "teams.api.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <key>`",
        }


urlpatterns = [
    path("", include("incidents.api_urls")),
    path("", include("monitoring.api_urls")),
    path("", include("runbooks.api_urls")),
    path("", include("energy.api_urls")),
    path("", include("maintenance.api_urls")),
    path("", include("teams.api_urls")),
    path("", include("notifications.api_urls")),
    path("", include("postmortems.api_urls")),
    path("", include("statuspage.api_urls")),
]
