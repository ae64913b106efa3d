from django.urls import path

from statuspage import views

app_name = "statuspage"

urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/maintenance/", views.maintain, name="maintain"),
    path("notices/<slug:public_id>/", views.write, name="write"),
    path("incidents/<int:number>/notice/", views.begin, name="begin"),
]
