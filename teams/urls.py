from django.urls import path

from teams import views

app_name = "teams"

urlpatterns = [
    path("on-call/", views.on_call, name="on_call"),
    path("on-call/override/", views.override, name="override"),
    path("on-call/overrides/<int:pk>/end/", views.end_override, name="end_override"),
    path("on-call/swap/", views.ask_swap, name="ask_swap"),
    path("on-call/swaps/<int:pk>/take/", views.take_swap, name="take_swap"),
    path("on-call/swaps/<int:pk>/withdraw/", views.withdraw_swap, name="withdraw_swap"),
    path("on-call/calendar/new/", views.new_address, name="new_address"),
    path("on-call/calendar/<str:token>.ics", views.calendar, name="calendar"),
]
