"""Addresses on a district's host."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from directory.contact.views import plain_contact
from directory.desk.views import guide_index, guide_step, personal_data
from directory.pages import embedding, plain
from directory.pages.pictures import district_picture
from directory.pages.style import style
from directory.people.views import portrait, portrait_at_the_desk
from directory.solutions.views import picture, picture_at_the_desk
from directory.videos.views import captions, film, film_at_the_desk, poster
from tenants.catalogue.views import at_the_desk
from tenants.districts.preview import enter
from tenants.kit.views import kit
from tenants.transfer.views import export_at_the_desk
from tenants.visits.views import handover
from wiq.accounts.views import after_login
from wiq.admin.sites import district_site
from wiq.media.share_picture import share_picture
from wiq.web.symbol import symbol

urlpatterns = [
    path("symbol.svg", symbol, name="symbol"),
    path("teilen.png", share_picture, name="share_picture"),
    path("medien/bild/<slug:slug>/", portrait, name="portrait"),
    path("medien/bild/<slug:slug>/<small:small>", portrait, name="portrait"),
    path("medien/loesungsteam/<slug:slug>/<int:number>/", picture, name="picture"),
    path("medien/loesungsteam/<slug:slug>/<int:number>/<small:small>", picture, name="picture"),
    path("medien/quartier/<slug:which>/", district_picture, name="district_picture"),
    path("medien/quartier/<slug:which>/<small:small>", district_picture, name="district_picture"),
    path("medien/video/<int:number>/", film, name="video_film"),
    path("medien/video/<int:number>/<slug:language>.vtt", captions, name="video_captions"),
    path("medien/video/<int:number>/bild/<small:small>", poster, name="video_poster"),
    # Where the desk's forms link to: the storage's own address of a picture.
    path("medien/<str:schema>/portraits/<str:name>", portrait_at_the_desk),
    path("medien/<str:schema>/pictures/<str:name>", picture_at_the_desk),
    path("medien/<str:schema>/videos/<str:name>", film_at_the_desk),
    path(
        "koordination/personendaten/",
        district_site.admin_view(personal_data),
        name="personal_data",
    ),
    path("koordination/nachmachen/", district_site.admin_view(at_the_desk), name="catalogue_desk"),
    path("koordination/mitnehmen/", district_site.admin_view(export_at_the_desk), name="export"),
    path("koordination/startpaket/", district_site.admin_view(kit), name="kit"),
    path("koordination/leitfaden/", district_site.admin_view(guide_index), name="guide"),
    path(
        "koordination/leitfaden/<slug:key>/",
        district_site.admin_view(guide_step),
        name="guide_step",
    ),
    path("koordination/", district_site.urls),
    path("vorschau/<signed:word>/", enter, name="preview"),
    path("anmelden/uebergabe/<signed:word>/", handover, name="handover"),
    path("anmelden/weiter/", after_login, name="after_login"),
    path("api/", include("api.urls_district")),
    path("", include("directory.pages.robots")),
    path("einfach/", plain.start, name="plain_start"),
    path("kontakt/einfach/", plain_contact, name="plain_contact"),
    path("einbetten/", embedding.solution_teams, name="embedded"),
    *i18n_patterns(
        path("anmelden/", include("wiq.accounts.urls")),
        path("menschen/", include("directory.people.urls")),
        path("loesungsteams/", include("directory.solutions.urls")),
        path("idee/", include("directory.ideas.urls")),
        path("kontakt/", include("directory.contact.urls")),
        path("abonnieren/", include("directory.following.urls")),
        path("", include("directory.pages.urls")),
        prefix_default_language=False,
    ),
]

if settings.WIQ_STYLE_PAGE:
    urlpatterns.insert(0, path("stil/", style, name="style"))

handler400 = "wiq.web.errors.bad_request"
handler403 = "wiq.web.errors.permission_denied"
handler404 = "wiq.web.errors.page_not_found"
# allauth looks for it here, whichever host is asked.
handler429 = "wiq.web.errors.too_many"
handler500 = "wiq.web.errors.server_error"
