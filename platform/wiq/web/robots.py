"""For search engines: what both kinds of host tell them in the same way."""

from django.contrib.sitemaps import Sitemap

from wiq.rooms import Host, Registry, no_robots

# Lists of a district's pages beside those without arguments: ``sitemaps.py`` of the rooms.
sitemaps: "Registry[type[Sitemap]]" = Registry("sitemaps")


class InBothLanguages(Sitemap):
    """Every address with the same one in the other language beside it."""

    i18n = alternates = x_default = True


def rules_for_robots(host: Host) -> list[str]:
    """Return the lines of robots.txt that say what to stay away from (RFC 9309)."""
    return ["User-agent: *", *(f"Disallow: {path}" for path in no_robots(host)), ""]
