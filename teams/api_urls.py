from django.urls import path

from teams.api_on_call import OnCallView

urlpatterns = [path("on-call/", OnCallView.as_view())]
