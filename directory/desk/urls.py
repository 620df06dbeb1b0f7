"""The desk's own pages, under ``/koordination/``."""

from django.urls import path

from directory.desk import away, calls, figures, handing_on, held, inbox, letter, pages, webhooks
from directory.desk.heute import heute
from directory.desk.views import guide_index, guide_step, personal_data
from wiq.admin.sites import district_site

urlpatterns = [
    path("", heute, name="desk_today"),
    path("posteingang/", inbox.inbox, name="desk_inbox"),
    path("posteingang/anruf/", calls.record, name="desk_call"),
    path("posteingang/tabelle.<str:kind>", inbox.table, name="desk_table"),
    path("posteingang/wartet/", held.held, name="desk_held"),
    path("posteingang/<str:reference>/", letter.letter, name="desk_letter"),
    path("posteingang/<str:reference>/entwurf/", letter.draft, name="desk_draft"),
    path("posteingang/<str:reference>/weitergeben/", handing_on.hand_on, name="desk_hand_on"),
    path("abwesend/", away.away, name="desk_away"),
    path(
        "posteingang/<str:reference>/anhang/<int:number>/",
        held.attachment,
        name="desk_attachment",
    ),
    path("alles/", pages.everything, name="desk_everything"),
    path("tasten/", pages.keys, name="desk_keys"),
    path("hilfe/", pages.help_page, name="desk_help"),
    path("hilfe/<slug:key>/", pages.help_about, name="desk_help_about"),
    path("zahlen/", figures.figures, name="desk_figures"),
    path("zahlen/tabelle.<str:kind>", figures.table, name="desk_figures_table"),
    path("webhooks/", webhooks.webhooks, name="desk_webhooks"),
    path("personendaten/", district_site.admin_view(personal_data), name="personal_data"),
    path("leitfaden/", district_site.admin_view(guide_index), name="guide"),
    path("leitfaden/<slug:key>/", district_site.admin_view(guide_step), name="guide_step"),
]
