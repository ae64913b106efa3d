from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health

schema = login_not_required(SpectacularAPIView.as_view())
docs = login_not_required(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="incidents:list"), name="home"),
    path("", include("monitoring.urls")),
    path("", include("incidents.urls")),
    path("", include("postmortems.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("console/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("api/schema/", schema, name="schema"),
    path("api/docs/", docs, name="docs"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

handler500 = "config.errors.server_error"
