from django.urls import path

from incidents.hooks import slack, twilio

urlpatterns = [
    path("twilio/sms/", twilio.sms, name="hook_sms"),
    path("twilio/voice/<str:token>/", twilio.voice, name="hook_voice"),
    path("twilio/status/<str:token>/", twilio.status, name="hook_status"),
    path("slack/", slack.slack, name="hook_slack"),
]
