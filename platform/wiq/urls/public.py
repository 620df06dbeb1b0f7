"""Addresses on the platform's own host."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tenants.catalogue.views import catalogue
from tenants.console.views import certificate
from wiq.accounts.views import after_login
from wiq.admin.sites import platform_site
from wiq.media.share_picture import share_picture
from wiq.web.symbol import symbol

urlpatterns = [
    path("symbol.svg", symbol, name="symbol"),
    path("teilen.png", share_picture, name="share_picture"),
    path("", include("tenants.console.robots")),
    path("health/", include("wiq.health")),
    path("intern/zertifikat/", certificate),
    path("plattform/", platform_site.urls),
    path("anmelden/weiter/", after_login, name="after_login"),
    path("api/", include("api.urls_platform")),
    *i18n_patterns(
        path("anmelden/", include("wiq.accounts.urls")),
        path("nachmachen/", catalogue, name="catalogue"),
        path("quartier-anmelden/", include("tenants.applications.urls")),
        path("", include("tenants.console.urls")),
        prefix_default_language=False,
    ),
]
if settings.WIQ_MAIL_CATCHER:
    urlpatterns.insert(0, path("postfach/", include("wiq.embedded.postbox")))

handler400 = "wiq.web.errors.bad_request"
handler403 = "wiq.web.errors.permission_denied"
handler404 = "wiq.web.errors.page_not_found"
handler500 = "wiq.web.errors.server_error"
