"""Addresses on the platform's own host."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from wiq.admin.sites import platform_site
from wiq.rooms import Host
from wiq.urls.rooms import in_every_language, once

urlpatterns = [
    *once(Host.PLATFORM),
    path("health/", include("wiq.health")),
    *i18n_patterns(
        *in_every_language(Host.PLATFORM),
        path("plattform/", platform_site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "wiq.web.errors.bad_request"
handler403 = "wiq.web.errors.permission_denied"
handler404 = "wiq.web.errors.page_not_found"
handler500 = "wiq.web.errors.server_error"
