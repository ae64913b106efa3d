from django.urls import path

from statuspage import (
    bringing_views,
    carriers,
    crowd_views,
    maintenance_views,
    past_views,
    rating_views,
    subscriber_views,
    views,
)

app_name = "statuspage"

urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/maintenance/", maintenance_views.maintain, name="maintain"),
    path("notices/past/", past_views.add, name="past"),
    path("notices/subscribers/", crowd_views.crowd, name="crowd"),
    path("notices/subscribers/bring/", bringing_views.bring, name="bring"),
    path("notices/subscribers/<int:pk>/forget/", crowd_views.forget, name="forget"),
    path("notices/subscribers/<int:pk>/again/", crowd_views.again, name="again"),
    path("notices/subscribers/<int:pk>/export/", crowd_views.export, name="export"),
    path("notices/<slug:public_id>/", views.write, name="write"),
    path("notices/<slug:public_id>/plan/", maintenance_views.plan, name="plan"),
    path("notices/<slug:public_id>/times/", past_views.times, name="times"),
    path("notices/<slug:public_id>/take-back/", past_views.take_back, name="take_back"),
    path("hooks/mail/", carriers.told, name="hook_mail"),
    path("hooks/twilio/texted/<str:token>/", carriers.texted, name="hook_texted"),
    path("status/subscribe/", subscriber_views.subscribe, name="subscribe"),
    path("status/code/", subscriber_views.code, name="code"),
    path("status/confirm/<str:token>/", subscriber_views.confirm, name="confirm"),
    path("status/manage/<str:token>/", subscriber_views.manage, name="manage"),
    path("status/unsubscribe/<str:token>/", subscriber_views.leave, name="leave"),
    path("status/rate/<slug:public_id>/", rating_views.rate, name="rate"),
    path("incidents/<int:number>/notice/", views.begin, name="begin"),
]
