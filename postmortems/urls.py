from django.urls import path

from postmortems.figures import views as figures
from postmortems.views import actions, board, printed, reading, reviewing, whys, writing

app_name = "postmortems"

ONE = "incidents/<int:number>/postmortem/"

urlpatterns = [
    path("postmortems/", reading.postmortem_list, name="list"),
    path("postmortems/archive.zip", reading.archive, name="archive"),
    path("postmortems/actions/", board.board, name="board"),
    path("postmortems/actions/<int:pk>/", actions.change, name="action"),
    path("postmortems/actions/<int:pk>/accept/", actions.accept, name="accept_action"),
    path("postmortems/actions/<int:pk>/remove/", actions.remove, name="remove_action"),
    path(ONE, writing.edit, name="edit"),
    path(f"{ONE}state/", writing.move, name="move"),
    path(f"{ONE}tell/", writing.tell, name="tell"),
    path(f"{ONE}whys/", whys.whys, name="whys"),
    path(f"{ONE}whys/<int:pk>/remove/", whys.remove, name="remove_why"),
    path(f"{ONE}whys/<int:pk>/cite/", whys.cite, name="cite"),
    path(f"{ONE}evidence/<int:pk>/remove/", whys.withdraw, name="withdraw"),
    path(f"{ONE}comments/", reviewing.comment, name="comment"),
    path(f"{ONE}comments/<int:pk>/resolve/", reviewing.resolve, name="resolve_comment"),
    path(f"{ONE}suggestions/<int:pk>/", reviewing.decide, name="decide"),
    path(f"{ONE}timeline/", reviewing.moments, name="moments"),
    path(f"{ONE}versions/", reviewing.versions, name="versions"),
    path(f"{ONE}versions/<int:version>/", reviewing.version, name="version"),
    path(f"{ONE}actions/new/", actions.new, name="new_action"),
    path("incidents/<int:number>/postmortem.pdf", printed.pdf, name="pdf"),
    path("figures/", figures.figures, name="figures"),
    path("figures/incidents/", figures.incidents, name="behind"),
    path("figures/figures.csv", figures.export, name="figures_csv"),
    path("figures/reports/<int:pk>.pdf", figures.report, name="report"),
]
