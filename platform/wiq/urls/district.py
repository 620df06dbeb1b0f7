"""Addresses on a district's host."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from wiq.admin.sites import district_site
from wiq.rooms import Host
from wiq.urls.rooms import in_every_language, once

urlpatterns = [
    *once(Host.DISTRICT),
    *i18n_patterns(
        *in_every_language(Host.DISTRICT),
        # After the rooms' own pages of the desk, because it matches everything else.
        path("koordination/", district_site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "wiq.web.errors.bad_request"
handler403 = "wiq.web.errors.permission_denied"
handler404 = "wiq.web.errors.page_not_found"
# allauth looks for it here, on any host.
handler429 = "wiq.web.errors.too_many"
handler500 = "wiq.web.errors.server_error"
