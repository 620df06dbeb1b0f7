"""Three districts full of canaries, and everything in them that an address can name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Q
from django_tenants.utils import tenant_context

from directory.contact import answering, helped, mailboxes, referring
from directory.contact import links as contact_links
from directory.contact import services as contact
from directory.contact.forms import ContactForm
from directory.contact.models import ContactRequest, Referral
from directory.conversations import files, holding, writing
from directory.conversations import services as conversations
from directory.conversations.models import Attachment, HeldReason
from directory.events import services as events
from directory.following import mails as following_mails
from directory.following import services as following
from directory.following.models import Subscription
from directory.ideas import helped as idea_helped
from directory.ideas import services as ideas
from directory.ideas.forms import IdeaForm
from directory.ideas.models import Idea
from directory.pages import services as pages
from directory.pages.models import TextKind
from directory.people.dates import today
from directory.people.models import FormerName, Person, Team
from directory.solutions import mails as solution_mails
from directory.solutions import services as solutions
from directory.solutions import writing_many
from directory.solutions.models import Picture, SolutionTeam, Synonyms, Topic
from directory.videos.models import Video
from directory.webhooks import services as webhooks
from tenants.districts import preview
from tenants.districts.models import District
from tenants.districts.moves import publish_on_the_operators_word
from tenants.provisioning import functions
from tenants.provisioning.services import create_district
from tests import logins
from tests.cast import ACTOR, fill, values_of
from tests.isolation.canaries import picture, plant
from tests.isolation.residents import FIRST, SECOND
from wiq.accounts import invitations
from wiq.accounts import services as accounts
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import Role
from wiq.accounts.sessions import SessionStore
from wiq.audit import services as audit
from wiq.database import as_owner
from wiq.inbound.attachments import Attached
from wiq.mail import refused
from wiq.outbox.failures import Failure
from wiq.outbox.models import Mailbox
from wiq.outbox.verdicts import About
from wiq.submissions.models import Origin
from wiq.submissions.services import Sent

LETTERS = {"amsel": "a", "buche": "b", "clivie": "c"}
COORDINATOR, EDITOR = "koordination@kanarie.example", "redaktion@kanarie.example"
# Rows of the first two have the same numbers, on purpose; those of the third no other district has.
FIRST_NUMBER_OF_THIRD = 5000


@dataclass(eq=False)  # each is itself: it stands in sets of calls
class Place:
    """One district of the walk, and what addresses in it are made of."""

    slug: str
    letter: str
    row: District
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, list[str]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.slug}.localhost"


@contextmanager
def three_districts() -> Iterator[list[Place]]:
    """Make the districts, and take them away with everything that belongs to them."""
    places = [_make(slug, letter) for slug, letter in LETTERS.items()]
    try:
        yield places
    finally:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        # Their mails were counted, too, and the next test's resident has the same address.
        Mailbox.objects.all().delete()
        District.objects.filter(pk__in=[place.row.pk for place in places]).delete()
        for place in places:
            functions.drop_schema(place.row.schema_name)


def _make(slug: str, letter: str) -> Place:
    row = create_district(slug=slug, name=f"Quartier {slug.title()}", city="Leipzig", actor=ACTOR)
    publish_on_the_operators_word(row, actor=ACTOR)
    place = Place(slug, letter, row)
    if letter == "c":
        _count_from(row, FIRST_NUMBER_OF_THIRD)
    with tenant_context(row):
        names = {"shown": "Ada", "withdrawn": "Ben", "district": slug.title()}
        fill(slug, names)
        _one_account_in_all_three(slug)
        _more()
        for role, email in (("coordinator", COORDINATOR), ("editor", EDITOR)):
            place.tokens[role] = accounts.create_token(User.objects.get(email=email))
        # The audit log, too, which nobody else may change.
        with logins.owner(), as_owner():
            plant(letter)
        place.things = _things()
    return place


def _count_from(row: District, number: int) -> None:
    with logins.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = %s", [row.schema_name]
        )
        for (sequence,) in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE "{row.schema_name}"."{sequence}" RESTART WITH {number}')


def _one_account_in_all_three(slug: str) -> None:
    """Whoever looks after several districts has the same address and password in each.

    The same hash, too: then a session or link of one would open the other, were it looked up there.
    """
    same = "pbkdf2_sha256$1$salt$aGFzaA=="
    for role, email in (("coordinator", COORDINATOR), ("editor", EDITOR)):
        user = User.objects.get(email=f"{role}@{slug}.example")
        user.emailaddress_set.update(email=email)
        User.objects.filter(pk=user.pk).update(email=email, password=same, name=role)
    Authenticator.objects.create(
        user=User.objects.get(email=EDITOR),
        type=Authenticator.Type.RECOVERY_CODES,
        data={"seed": 1},
    )


def _more() -> None:
    """What the fixed cast lacks: pictures, a draft's inside, what residents wrote."""
    trees, draft = (SolutionTeam.objects.get(slug=slug) for slug in ("baeume", "entwurf"))
    for team in (trees, draft):
        row = Picture(solution_team=team, alt="Ein Baum")
        row.image.save("baum.png", ContentFile(picture("baum")), save=False)
        solutions.save(row, actor=ACTOR)
        solutions.add_member(actor=ACTOR, solution_team=team, person=Person.objects.get(slug="cem"))
    solutions.add_update(actor=ACTOR, solution_team=draft, text="Noch im Entwurf.")
    solutions.set_state(trees, "paused", actor=ACTOR, reason="Winter")
    solutions.set_state(draft, "running", actor=ACTOR)
    solutions.set_state(draft, "draft", actor=ACTOR)
    for person in Person.objects.all():
        person.portrait.save("bild.png", ContentFile(picture("bild")), save=False)
        person.portrait_alt = "Bild"
        person.save(update_fields=["portrait", "portrait_alt"])
    for email in (FIRST, SECOND):
        _write(email, trees)
        following.subscribe(email=email, solution_team=None, language="de")
    solution_mails.write_question(trees)
    mailboxes.ask("ut@kanarie.example", actor=ACTOR)
    writing_many.create_synonyms([Synonyms(slug="klo", words="Klo, WC")], actor=ACTOR)
    for team in (trees, draft):
        events.announce(actor=ACTOR, title="Gießen", solution_team=team, day=today(), time=time(18))
    invitations.invite(email="neu@kanarie.example", role=Role.EDITOR, name="Neu", actor=ACTOR)
    for kind in TextKind:
        pages.create_text(actor=ACTOR, kind=kind, slug=f"text-{kind}", title="T", body="B",
                          body_en="B")  # fmt: skip
    for is_shown in (True, False):
        video = Video(title="V", title_en="V", captions="WEBVTT", captions_en="WEBVTT", transcript="T",
                      transcript_en="T", everyone_agreed=True, is_published=is_shown)  # fmt: skip
        video.film.save("film.png", ContentFile(picture("film")), save=False)
        video.poster.save("still.png", ContentFile(picture("still")), save=False)
        video.save()
    final = Failure("SMTP 550 5.1.1: recipient refused", About.RECIPIENT, "550 5.1.1 unknown")
    for email in (FIRST, SECOND, FIRST, SECOND):
        refused.note(email, final)
    _talk()
    webhook, _secret = webhooks.register(url="https://kanarie.example/", actor=ACTOR)
    webhooks.try_out(webhook=webhook, actor=ACTOR)
    topic = Topic.objects.get(slug="begegnung")
    FormerName.objects.create(kind=topic._meta.label_lower, slug="frueher", row=topic.pk)
    audit.record_change("test.entry", None, actor="somebody", details={"note": "x"})


def _write(email: str, team: SolutionTeam) -> None:
    """One resident writes twice and brings two ideas; one of them becomes a solution team."""
    common = {
        "name": "Erika Beispiel", "email": email, "phone": "0341 123456",
        "privacy_acknowledged": True,
    }  # fmt: skip
    for where in ({"team": "unterstuetzungsteam"}, {"solution_team": team.slug}):
        new = {**common, "message": "Guten Tag, eine Bank am Kanal bitte.", **where}
        request = contact.accept(values_of(ContactForm(new)), sent=Sent(Origin.FORM))
        contact.set_state(request, "taken", actor=ACTOR)
    for number in range(2):
        new_idea = {
            **common, "title": f"Bank {email} {number}", "description": "Eine Bank, bitte.",
        }  # fmt: skip
        idea = ideas.accept(values_of(IdeaForm(new_idea)), sent=Sent(Origin.FORM))
        ideas.begin_review(idea, actor=ACTOR)
        if number:
            ideas.decide_for(idea, actor=ACTOR, note="Sehr gern.")


def _talk() -> None:
    """What the team says and does about what residents sent."""
    coordinator = User.objects.get(email=COORDINATOR)
    for request in ContactRequest.objects.order_by("pk"):
        conversation = writing.conversation_of(request)
        answering.answer(request, text="Gern, wir melden uns.", actor=coordinator)
        conversations.note(submission=request, text="Ruft lieber an.", actor=coordinator)
        conversations.keep_draft(conversation=conversation, text="Noch", actor=coordinator)
        Referral.objects.create(contact_request=request, district=0, district_name="Anderswo",
                                note="Bitte übernehmen", made_by=COORDINATOR)  # fmt: skip
        holding.hold(conversation=conversation, sender="fremd@kanarie.example", text="Wer?",
                     quoted="Ihr", reason=HeldReason.STRANGER, mail_digest="x",
                     attached=[Attached("wer.txt", 4, b"Wer?")])  # fmt: skip
        files.keep([Attached("plan.txt", 4, b"Plan")], entry=conversation.entries.first())


def _things() -> dict[str, list[str]]:
    """Return what addresses of this district name, by kind: values for the parts of a route."""
    team = SolutionTeam.objects.published().filter(contact_email__gt="").first()
    assert team is not None
    request = ContactRequest.objects.filter(email=FIRST).first()
    idea = Idea.objects.filter(email=FIRST).first()
    subscription = Subscription.objects.get(email=FIRST)
    picture_row = Picture.objects.filter(solution_team=team).first()
    person = Person.objects.shown().first()
    assert request and idea and picture_row and person
    hidden = Person.objects.exclude(pk__in=Person.objects.shown()).first()
    hidden_team = Team.objects.filter(is_published=False).first()
    draft = SolutionTeam.objects.exclude(pk__in=SolutionTeam.objects.published()).first()
    assert hidden and hidden_team and draft
    published = Team.objects.filter(is_published=True).first()
    assert published
    invitation, film = Invitation.objects.get(), Video.objects.shown()[0]
    session = SessionStore()
    session.create()
    numbers = {
        f"pk:{model._meta.label_lower}": [
            str(pk) for pk in model.objects.values_list("pk", flat=True)[:2]
        ]
        for model in _numbered()
    }
    return numbers | {
        "person": [person.slug, hidden.slug],
        "team": [published.slug, hidden_team.slug],
        "solution_team": [team.slug, draft.slug],
        "picture_team": [team.slug],
        "picture": [str(picture_row.pk)],
        "portrait_file": [person.portrait.name.rpartition("/")[2]],
        "film_file": [film.film.name.rpartition("/")[2]],
        "caption_language": ["de", "en"],
        "picture_file": [picture_row.image.name.rpartition("/")[2]],
        "schema": [connection.schema_name],  # type: ignore[attr-defined]
        "help_key": ["heute", "teams"],
        "request_token": [request.token],
        "attachment": [
            str(pk)
            for pk in Attachment.objects.filter(
                Q(entry__conversation__reference=request.reference)
                | Q(held__conversation__reference=request.reference)
            ).values_list("pk", flat=True)
        ],
        "any_reference": [request.reference, idea.reference],
        "request_reference": [request.reference],
        "request_link": [contact_links.link(request, "taken", 0).rstrip("/").rpartition("/")[2]],
        "helped_link": [helped.LINK.url(helped.Asked(request.pk)).rstrip("/").rpartition("/")[2]],
        "idea_helped_link": [
            idea_helped.LINK.url(idea_helped.Asked(idea.pk)).rstrip("/").rpartition("/")[2]
        ],
        "referral_link": [
            referring.LINK.url(referring.Question(Referral.objects.latest("pk").pk))
            .rstrip("/")
            .rpartition("/")[2]
        ],
        "idea_token": [idea.token],
        "idea_reference": [idea.reference],
        "invitation_link": [invitations.link(invitation).rstrip("/").rpartition("/")[2]],
        "preview_link": [preview.link(connection.tenant).rstrip("/").rpartition("/")[2]],  # type: ignore[attr-defined]
        "confirm_link": [solution_mails.confirm_url(team).rstrip("/").rpartition("/")[2]],
        "subscription_link": [
            following_mails.confirm_url(subscription).rstrip("/").rpartition("/")[2]
        ],
        "subscription_token": [subscription.token],
        "district_picture": ["logo", "kopf"],
        "small": ["320.webp"],
        "event_date": [today().isoformat()],
        "update": [str(team.updates.first().pk)],
        "session": [str(session.session_key)],
    }


def _numbered() -> list[type]:
    from django.apps import apps

    labels = ("people.Team", "people.Person", "people.Consent", "solutions.SolutionTeam",
              "solutions.Topic", "solutions.Synonyms", "contact.ContactRequest", "ideas.Idea", "audit.Entry",
              "following.Subscription", "mail.Message", "mail.RefusedAddress",
              "mfa.Authenticator", "pages.Text", "videos.Video", "events.Event", "accounts.User", "accounts.Invitation", "accounts.ApiToken")  # fmt: skip
    return [apps.get_model(label) for label in labels]


__all__ = ["COORDINATOR", "EDITOR", "Place", "three_districts"]
