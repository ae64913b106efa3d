from django.urls import path

from energy import views

app_name = "energy"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("responses/<int:pk>/lift/", views.lift, name="lift"),
    path("steps/<int:pk>/go-on/", views.go_on, name="go_on"),
    path("markets/<str:name>/bring-back/", views.bring_back, name="bring_back"),
    path("purchases/<int:pk>/clear/", views.clear, name="clear"),
    path("<int:pk>/dry-run/", views.dry_run, name="dry_run"),
    path("<int:pk>/", views.wallet, name="wallet"),
]
