from django.urls import path

from incidents.views import paging

app_name = "paging"

urlpatterns = [
    path("", paging.mine, name="mine"),
    path("quiet/", paging.quiet, name="quiet"),
    path("<int:pk>/remove/", paging.remove, name="remove"),
]
