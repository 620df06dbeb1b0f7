"""For search engines: what both kinds of host have in common."""

from django.contrib.sitemaps import Sitemap

from wiq.rooms import Host, Registry, no_robots

# A district's pages whose addresses have arguments: ``sitemaps.py`` of the rooms.
sitemaps: "Registry[type[Sitemap]]" = Registry("sitemaps")


class InBothLanguages(Sitemap):
    """Lists every page with its address in the other language."""

    i18n = alternates = x_default = True


def rules_for_robots(host: Host) -> list[str]:
    """Return the lines of robots.txt that exclude pages (RFC 9309)."""
    return ["User-agent: *", *(f"Disallow: {path}" for path in no_robots(host)), ""]
