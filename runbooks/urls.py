from django.urls import path

from runbooks.views import deciding, halting, reading

app_name = "runbooks"

urlpatterns = [
    path("", reading.board, name="actions"),
    path("halt/", halting.halt, name="halt"),
    path("lift/", halting.lift, name="lift"),
    path("<int:pk>/", reading.action, name="action"),
    path("<int:pk>/approve/", deciding.approve, name="approve"),
    path("<int:pk>/refuse/", deciding.refuse, name="refuse"),
]
