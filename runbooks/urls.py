from django.urls import URLPattern, URLResolver, include, path

from runbooks.views import books, deciding, halting, loosening, reading, runs, steering

app_name = "runbooks"

ACTIONS = [
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
RUN = [
    path("", runs.one, name="run"),
    path("pause/", steering.pause, name="pause"),
    path("go-on/", steering.go_on, name="go_on"),
    path("take-over/", steering.take_over, name="take_over"),
    path("abort/", steering.abort, name="abort"),
    path("undo/", steering.undo, name="undo"),
    path("steps/<int:step>/output/", runs.output, name="output"),
    path("steps/<int:step>/answer/", steering.answer, name="answer"),
    path("steps/<int:step>/retry/", steering.retry, name="retry"),
    path("steps/<int:step>/skip/", steering.skip, name="skip"),
    path("steps/<int:step>/done/", steering.done, name="done"),
]
RUNBOOKS: list[URLPattern | URLResolver] = [
    path("", books.every, name="books"),
    path("runs/", runs.every, name="runs"),
    path("runs/<int:pk>/", include(RUN)),
    path("<slug:key>/", books.one, name="book"),
    path("<slug:key>/start/", books.start, name="start"),
    path("<slug:key>/versions/<int:number>/", books.version, name="version"),
]

urlpatterns = [
    path("actions/", include(ACTIONS)),
    path("runbooks/", include(RUNBOOKS)),
]
