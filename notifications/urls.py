from django.urls import path

from notifications import views

app_name = "contacts"

urlpatterns = [
    path("", views.contacts, name="list"),
    path("<int:pk>/", views.change, name="change"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/code/", views.send_code, name="code"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
]
