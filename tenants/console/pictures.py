"""The charts over time: small lines, drawn as SVG from the daily numbers."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.console.models import Snapshot
from tenants.districts.models import District

WIDTH, HEIGHT, DAYS = 360, 60, 180
LINES = (
    ("solution_teams", _("Lösungsteams")),
    ("people", _("gezeigte Menschen")),
    ("requests_open", _("offene Anfragen")),
    ("in_time", _("rechtzeitig beantwortet, in Prozent")),
    ("oldest_days", _("älteste offene Anfrage, in Tagen")),
)


def over_time(district: District) -> SafeString:
    """Return one line for each number, with a text that says the same."""
    rows = list(Snapshot.objects.filter(district=district).order_by("-day")[:DAYS])[::-1]
    if not rows:
        return SafeString("–")
    return format_html_join(
        "",
        "{}",
        ((_line([getattr(row, name) for row in rows], str(label)),) for name, label in LINES),
    )


def _line(values: list[int], label: str) -> SafeString:
    highest = max(*values, 1)
    step = WIDTH / max(len(values) - 1, 1)
    points = " ".join(
        f"{index * step:.1f},{HEIGHT - 4 - value / highest * (HEIGHT - 8):.1f}"
        for index, value in enumerate(values)
    )
    words = _("%(label)s: erst %(first)d, jetzt %(last)d, höchstens %(most)d") % {
        "label": label, "first": values[0], "last": values[-1], "most": max(values),
    }  # fmt: skip
    return format_html(
        '<figure class="mb-3"><figcaption>{}</figcaption><svg role="img" aria-label="{}" width="{}"'
        ' height="{}" viewBox="0 0 {} {}"><polyline fill="none" stroke="currentColor"'
        ' stroke-width="2" points="{}"/></svg></figure>',
        words, words, WIDTH, HEIGHT, WIDTH, HEIGHT, points,
    )  # fmt: skip
