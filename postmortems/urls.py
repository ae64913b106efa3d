from django.urls import path

from postmortems import views

app_name = "postmortems"

urlpatterns = [
    path("postmortems/", views.postmortem_list, name="list"),
    path("incidents/<int:number>/postmortem/", views.edit, name="edit"),
    path("incidents/<int:number>/postmortem.pdf", views.pdf, name="pdf"),
]
