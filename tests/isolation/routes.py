"""Every address of both kinds of host, from the URLconfs themselves, and who may go there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import RoutePattern, URLPattern
from django.utils import translation

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET", "HEAD", "OPTIONS")
DISTRICT, PLATFORM = "wiq.urls.district", "wiq.urls.public"
# A part of an address that is no fixed text: <slug:slug>, (?P<slug>[a-z]+).
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
ANYBODY, DESK, COORDINATION, PROJECT_TEAM = "anybody", "desk", "coordination", "project team"


@dataclass(frozen=True)
class Rule:
    """Who may read and write under some addresses, and what stands for their parts."""

    pattern: str
    reads: str
    writes: str
    parts: tuple[tuple[str, str], ...] = ()
    # The address itself is a secret: whoever has it sees the thing it names.
    is_secret: bool = False
    # On the platform's host: the project team acts in the district that the address names.
    acts: bool = False


def rule(
    pattern: str, reads: str, writes: str = "", is_secret: bool = False, acts: bool = False,
    **parts: str,
) -> Rule:  # fmt: skip
    return Rule(pattern, reads, writes or reads, tuple(parts.items()), is_secret, acts)


_MODELS = {
    "audit/entry": ("audit.entry", COORDINATION),
    "mail/message": ("mail.message", COORDINATION),
    "mail/refusedaddress": ("mail.refusedaddress", COORDINATION),
    "people/team": ("people.team", DESK),
    "people/person": ("people.person", DESK),
    "people/consent": ("people.consent", COORDINATION),
    "solutions/solutionteam": ("solutions.solutionteam", DESK),
    "solutions/topic": ("solutions.topic", DESK),
    "solutions/synonyms": ("solutions.synonyms", DESK),
    "contact/contactrequest": ("contact.contactrequest", COORDINATION),
    "ideas/idea": ("ideas.idea", COORDINATION),
    "following/subscription": ("following.subscription", COORDINATION),
    "pages/text": ("pages.text", DESK),
    "videos/video": ("videos.video", DESK),
    "events/event": ("events.event", DESK),
    "accounts/user": ("accounts.user", COORDINATION),
    "accounts/invitation": ("accounts.invitation", COORDINATION),
    "accounts/apitoken": ("accounts.apitoken", COORDINATION),
}
_SIGN_IN = [
    rule("anmelden/einladung/<", ANYBODY, is_secret=True, word="invitation_link"),
    rule("anmelden/zweiter-faktor/webauthn/keys/", ANYBODY, pk="pk:mfa.authenticator"),
    rule("anmelden/passwort/neu/<", ANYBODY, uidb36="uid", key="reset"),
    rule("anmelden/", ANYBODY),
    rule(".well-known/", ANYBODY),
    rule("favicon.ico", ANYBODY),
]
_ADMIN_PAGES = [
    rule("{}login/", ANYBODY),
    rule("{}logout/", ANYBODY),
    rule("{}password_change", ANYBODY),
]
DISTRICT_RULES = [
    rule("medien/bild/<", ANYBODY, slug="person", small="small"),
    rule("medien/loesungsteam/<", ANYBODY, slug="picture_team", number="picture", small="small"),
    rule("medien/quartier/<", ANYBODY, which="district_picture", small="small"),
    rule("medien/video/<", ANYBODY, number="pk:videos.video", small="small", language="caption_language"),
    rule("medien/<schema>/videos/<", DESK, schema="schema", name="film_file"),
    rule("medien/<schema>/portraits/<", DESK, schema="schema", name="portrait_file"),
    rule("medien/<schema>/pictures/<", DESK, schema="schema", name="picture_file"),
    rule("koordination/personendaten/", COORDINATION),
    rule("koordination/startpaket/", COORDINATION),
    rule("koordination/datenschutz/", COORDINATION, key="folder_key", number="number"),
    rule("koordination/mitnehmen/", COORDINATION),
    rule("koordination/maildoktor/", COORDINATION),
    rule("koordination/nachmachen/", DESK),
    rule("anmelden/besuch/beenden/", ANYBODY),
    rule("anmelden/uebergabe/<", ANYBODY, is_secret=True, word="invitation_link"),
    rule("koordination/leitfaden/", COORDINATION, key="guide_step"),
    rule("vorschau/<", ANYBODY, is_secret=True, word="preview_link"),
    *(rule(f"koordination/{model}/", who, object_id=f"pk:{kind}") for model, (kind, who) in _MODELS.items()),
    *(Rule(r.pattern.format("koordination/"), r.reads, r.writes) for r in _ADMIN_PAGES),
    # Which rooms an editor finds there decides the desk; the canaries say whether it decided right.
    rule("koordination/posteingang/tabelle.<", COORDINATION, kind="table_kind"),
    rule("koordination/posteingang/<reference>/anhang/<", COORDINATION, reference="request_reference", number="attachment"),
    rule("koordination/posteingang/", COORDINATION, reference="any_reference"),
    rule("koordination/abwesend/", COORDINATION),
    rule("koordination/alles/", DESK),
    rule("koordination/hilfe/", DESK),
    rule("koordination/webhooks/", COORDINATION),
    rule("koordination/tasten/", DESK),
    rule("koordination/zahlen/tabelle.<", COORDINATION, kind="table_kind"),
    rule("koordination/zahlen/", COORDINATION),
    rule("koordination/hilfe/", DESK, key="help_key"),
    rule("koordination/<app_label>/", DESK, app_label="app"),
    rule("koordination/<url>", DESK, url="nothing"),
    rule("koordination/", DESK),
    rule("api/v1/contact-requests/<", COORDINATION, reference="request_reference"),
    rule("api/v1/contact-requests/", COORDINATION, ANYBODY),
    rule("api/v1/ideas/<", COORDINATION, reference="idea_reference"),
    rule("api/v1/ideas/", COORDINATION, ANYBODY),
    rule("api/v1/teams/", ANYBODY, DESK, slug="team"),
    rule("api/v1/people/", ANYBODY, DESK, slug="person"),
    rule("api/v1/solution-teams/", ANYBODY, DESK, slug="solution_team", pk="update"),
    rule("api/v1/events/", ANYBODY, DESK, pk="pk:events.event", date="event_date"),
    rule("api/", ANYBODY, DESK),
    rule("menschen/", ANYBODY, slug="team"),
    rule("loesungsteams/stimmt-das-noch/<", ANYBODY, is_secret=True, word="confirm_link"),
    rule("loesungsteams/", ANYBODY, slug="solution_team"),
    rule("idee/<", ANYBODY, is_secret=True, token="idea_token"),
    rule("kontakt/bearbeiten/<", ANYBODY, is_secret=True, word="request_link"),
    rule("kontakt/geholfen/<", ANYBODY, is_secret=True, word="helped_link"),
    rule("idee/geholfen/<", ANYBODY, is_secret=True, word="idea_helped_link"),
    rule("kontakt/weitergabe/<", ANYBODY, is_secret=True, word="referral_link"),
    rule("kontakt/<", ANYBODY, is_secret=True, token="request_token"),
    rule("termine/", ANYBODY, number="pk:events.event"),
    *_SIGN_IN,
    rule("abonnieren/bestaetigen/<", ANYBODY, is_secret=True, word="subscription_link"),
    rule("abonnieren/ende/<", ANYBODY, is_secret=True, token="subscription_token"),
    *(rule(path, ANYBODY) for path in ("robots.txt", "sitemap.xml", "symbol.svg", "teilen.png", "apple-touch-icon.png", "einfach/",
        "einbetten/", "abonnieren/", "stil/", "idee/", "kontakt/", "neuigkeiten/",
        "aushang/", "glossar/", "impressum/", "datenschutz/", "barrierefreiheit/")),
]  # fmt: skip
PLATFORM_RULES = [
    rule("postfach/", ANYBODY, key="nothing"),
    rule("health/", ANYBODY),
    rule("intern/", ANYBODY),
    *(Rule(r.pattern.format("plattform/"), r.reads, r.writes) for r in _ADMIN_PAGES),
    # Who looks at a district's coordination there is noted in the district's own log.
    rule("plattform/districts/", PROJECT_TEAM, acts=True, object_id="district"),
    *(
        rule(f"plattform/{model}/", PROJECT_TEAM, object_id="number")
        for model in (
            "accounts/user",
            "accounts/invitation",
            "accounts/apitoken",
            "applications/application",
            "mail/message",
            "mail/refusedaddress",
            "kit/kitversion",
            "accountability/subprocessor",
            "console/vital",
            "moving/move",
            "provisioning/order",
            "provisioning/removal",
        )
    ),
    rule("quartier-anmelden/<", ANYBODY, is_secret=True, token="application_token"),
    rule("quartier-anmelden/", ANYBODY),
    rule("api/v1/applications/<", PROJECT_TEAM, pk="number"),
    rule("api/v1/applications/", PROJECT_TEAM, ANYBODY),
    rule("api/v1/districts/<", PROJECT_TEAM, acts=True, slug="place", host="host"),
    # Another installation with the word for one move; nobody who stands in the table.
    rule("api/v1/moves/<", PROJECT_TEAM, number="move_number", name="nothing"),
    rule("api/v1/installation/", PROJECT_TEAM),
    rule("api/v1/orders/<", ANYBODY, token="application_token"),
    rule("plattform/maildoktor/", PROJECT_TEAM),
    rule("plattform/doktor/", PROJECT_TEAM),
    rule("plattform/installationen/", PROJECT_TEAM),
    rule(
        "plattform/datenschutz/", PROJECT_TEAM, key="folder_key", number="number", district="number"
    ),
    rule("plattform/zahlen.<", PROJECT_TEAM, kind="table_kind"),
    rule("plattform/audit/", PROJECT_TEAM, object_id="pk:audit.entry"),
    rule("plattform/<app_label>/", PROJECT_TEAM, app_label="platform_app"),
    rule("plattform/<url>", PROJECT_TEAM, url="nothing"),
    rule("plattform/", PROJECT_TEAM),
    rule("api/", ANYBODY, PROJECT_TEAM),
    *(
        rule(path, ANYBODY)
        for path in (
            "quartiere/",
            "so-geht-es/",
            *("impressum/", "datenschutz/", "barrierefreiheit/"),
            "robots.txt",
            "sitemap.xml",
            "symbol.svg",
            "apple-touch-icon.png",
            "teilen.png",
        )
    ),
    rule("nachmachen/", ANYBODY),
    *_SIGN_IN,
]
START = rule("", ANYBODY)


class UnclassifiedRoute(AssertionError):
    """An address that nobody has said who may go there: add a rule to tests/isolation/routes.py."""


@dataclass(frozen=True)
class Route:
    """One address of a host, with names in angle brackets for its parts."""

    path: str
    rule: Rule
    language: str = "de"

    def methods(self) -> tuple[str, ...]:
        # The English page is the same view: reading it shows what it shows.
        return METHODS if self.language == "de" else ("GET",)

    def addresses(self, things: dict[str, list[str]], which: int) -> str:
        """Return the address with its parts filled from a district's things."""
        parts = dict(self.rule.parts)

        def value(found: re.Match[str]) -> str:
            values = things[parts[found[1]]]
            return values[min(which, len(values) - 1)]

        return "/" + PART.sub(value, self.path)

    @property
    def has_parts(self) -> bool:
        return "<" in self.path


def routes(urlconf: str) -> list[Route]:
    """Return every route of a URLconf, classified. Raises UnclassifiedRoute."""
    rules = DISTRICT_RULES if urlconf == DISTRICT else PLATFORM_RULES
    found: dict[str, Route] = {}
    for language in ("de", "en"):
        with translation.override(language):
            for path in _paths(get_resolver(urlconf).url_patterns, ""):
                found.setdefault(path, Route(path, _rule_for(path, rules), language))
    return list(found.values())


def _rule_for(path: str, rules: list[Rule]) -> Rule:
    plain = path.removeprefix("en/")
    if plain == "":
        return START
    for candidate in rules:
        if plain.startswith(candidate.pattern):
            names = set(re.findall(r"<(\w+)>", plain))
            if names <= {name for name, _ in candidate.parts}:
                return candidate
    raise UnclassifiedRoute(path)


def _paths(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        text = prefix + _readable(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield text
        else:
            yield from _paths(pattern.url_patterns, text)


def _readable(pattern: Any) -> str:
    text = str(pattern)
    if not isinstance(pattern, RoutePattern):
        text = text.removeprefix("^").removesuffix("$")
    return PART.sub(lambda found: f"<{found[1] or found[2]}>", text)


def general_things() -> dict[str, list[str]]:
    """Return what stands for parts that name nothing of a district."""
    return {
        "nothing": ["nirgendwo/"],
        "table_kind": ["csv", "xlsx"],
        "folder_key": ["massnahmen"],
        "app": ["people", "contact"],
        "platform_app": ["districts"],
        "guide_step": ["traeger", "vorschau"],
        "number": ["1"],
        "move_number": ["00000000-0000-4000-8000-000000000000"],
        "application_token": ["x" * 32],
        "uid": ["1"],
        "reset": ["set-password"],
    }
