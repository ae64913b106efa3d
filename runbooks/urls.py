from django.urls import path

from runbooks.views import deciding, halting, loosening, reading

app_name = "runbooks"

urlpatterns = [
    path("", reading.board, name="actions"),
    path("halt/", halting.halt, name="halt"),
    path("lift/", halting.lift, name="lift"),
    path("<int:pk>/", reading.action, name="action"),
    path("<int:pk>/approve/", deciding.approve, name="approve"),
    path("<int:pk>/refuse/", deciding.refuse, name="refuse"),
    path("limits/", loosening.waiting, name="loosenings"),
    path("limits/<int:pk>/", loosening.one, name="loosening"),
    path("limits/<int:pk>/confirm/", loosening.confirm, name="confirm_loosening"),
    path("limits/<int:pk>/refuse/", loosening.refuse, name="refuse_loosening"),
    path("limits/<int:pk>/withdraw/", loosening.withdraw, name="withdraw_loosening"),
]
