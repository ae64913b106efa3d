from django.urls import path

from maintenance import views

app_name = "maintenance"

urlpatterns = [
    path("capacity/", views.overview, name="capacities"),
    path("capacity/<int:pk>/", views.capacity, name="capacity"),
]
