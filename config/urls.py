from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health, scraping

schema = login_not_required(SpectacularAPIView.as_view())
docs = login_not_required(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="incidents:list"), name="home"),
    path("", include("monitoring.urls")),
    path("", include("incidents.urls")),
    path("", include("postmortems.urls")),
    path("", include("statuspage.urls")),
    path("energy/", include("energy.urls")),
    path("", include("maintenance.urls")),
    path("", include("runbooks.urls")),
    path("", include("teams.urls")),
    path("me/contacts/", include("notifications.urls")),
    path("me/paging/", include("incidents.urls_paging")),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("console/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("api/schema/", schema, name="schema"),
    path("api/docs/", docs, name="docs"),
    path("metrics", scraping.metrics, name="figures"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
