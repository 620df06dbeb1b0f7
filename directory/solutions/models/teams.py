"""Topics and solution teams: the registry itself."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from directory.people.models import SLUG_LENGTH
from directory.solutions.choices import ASKED_STATES, EXPLANATIONS, PUBLIC_STATES, TeamState
from directory.solutions.models.synonyms import Synonyms
from directory.solutions.search import CONFIG, fold, key, matches, nearness
from wiq.declared import Leaves

BY_LATEST_NEWS = (F("last_news_on").desc(nulls_last=True), "sort_key")


class TopicQuerySet(models.QuerySet["Topic"]):
    """Queries on topics."""

    def with_counts(self) -> "TopicQuerySet":
        """Return the topics of public solution teams, each with their ``count``."""
        public = Q(solution_teams__state__in=PUBLIC_STATES)
        counted = self.annotate(count=Count("solution_teams", filter=public))
        return counted.filter(count__gt=0).order_by("sort_key")


class Topic(models.Model):
    """A topic of solution teams: "Fokus" on the pages."""

    slug = models.SlugField(
        _("Kurzname"),
        max_length=SLUG_LENGTH,
        unique=True,
        help_text=_("Teil der Internetadresse, wird von selbst ausgefüllt."),
    )
    name = models.CharField(_("Name"), max_length=60, unique=True)
    name_en = models.CharField(_("Name auf Englisch"), max_length=60, blank=True)
    sort_key = models.CharField(max_length=120, editable=False, db_index=True)

    objects: ClassVar = TopicQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "slug name name_en"
        derived = "sort_key"

    class Meta:
        verbose_name = _("Fokus")
        verbose_name_plural = _("Fokusthemen")
        ordering: ClassVar = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class SolutionTeamQuerySet(models.QuerySet["SolutionTeam"]):
    """Queries on solution teams. All queries for visitors start with ``published``."""

    def published(self) -> "SolutionTeamQuerySet":
        """Return the solution teams that are not drafts."""
        return self.filter(state__in=PUBLIC_STATES)

    def about(self, topics: Collection[str]) -> "SolutionTeamQuerySet":
        """Return those with at least one of these topics (slugs), or all if none is given."""
        if not topics:
            return self
        tagged = SolutionTeam.topics.through.objects.filter(topic__slug__in=topics)
        return self.filter(pk__in=tagged.values("solutionteam_id"))

    def in_states(self, states: Collection[str]) -> "SolutionTeamQuerySet":
        """Return those in one of these states, or all if none is given."""
        return self.filter(state__in=states) if states else self

    def searched(
        self, text: str, synonyms: Mapping[str, Collection[str]] | None = None
    ) -> "SolutionTeamQuerySet":
        """Return those that match a text, with ``nearness``, or all if the text has no words.

        ``synonyms`` are the district's, where they were read already.
        """
        folded = fold(text)
        if not folded:
            return self
        same = Synonyms.objects.of_words() if synonyms is None else synonyms
        return self.filter(matches(folded, same)).annotate(nearness=nearness(folded, same))

    def with_topics(self) -> "SolutionTeamQuerySet":
        """Add ``topic_list``: slug and name of each topic, in the same query."""
        topics = Topic.objects.filter(solution_teams=OuterRef("pk")).order_by("sort_key")
        pairs = topics.values(pair=JSONObject(slug="slug", name="name", name_en="name_en"))
        return self.annotate(topic_list=ArraySubquery(pairs))

    def with_related(self, most: int) -> "SolutionTeamQuerySet":
        """Add ``related``: slug, name and state of the public ones that share the most topics."""
        alike = (
            SolutionTeam.objects.published()
            .filter(topics__solution_teams=OuterRef("pk"))
            .exclude(pk=OuterRef("pk"))
            .annotate(shared=Count("topics"))
            .order_by("-shared", "sort_key")
        )
        rows = alike.values(row=JSONObject(slug="slug", name="name", state="state"))
        return self.annotate(related=ArraySubquery(rows[:most]))

    def with_pictures(self) -> "SolutionTeamQuerySet":
        """Add ``picture_list``: number, texts and size of each picture, in order."""
        pictures = apps.get_model("solutions", "Picture")._default_manager
        rows = pictures.filter(solution_team=OuterRef("pk")).order_by("position", "pk")
        columns = {name: name for name in ("pk", "alt", "caption", "width", "height")}
        return self.annotate(picture_list=ArraySubquery(rows.values(row=JSONObject(**columns))))

    def with_member_list(self) -> "SolutionTeamQuerySet":
        """Add ``member_list``: number and name of each member that visitors see."""
        members = apps.get_model("solutions", "SolutionTeamMember")._default_manager
        rows = members.shown().filter(solution_team=OuterRef("pk"))
        pairs = rows.values(row=JSONObject(person="person_id", name="person__name"))
        return self.annotate(member_list=ArraySubquery(pairs))

    def with_members(self) -> "SolutionTeamQuerySet":
        """Add ``member_rows``: each one's members of today who agreed to be shown."""
        members = apps.get_model("solutions", "SolutionTeamMember")._default_manager
        return self.annotate(
            member_rows=members.shown().filter(solution_team=OuterRef("pk")).as_rows()
        )

    def by_age(self) -> "SolutionTeamQuerySet":
        """Order them, the oldest first."""
        return self.order_by("created_at", "pk")

    def with_seniority(self) -> "SolutionTeamQuerySet":
        """Add ``seniority``: the number of older ones.

        Ones that are no longer visible count too, so that the number never changes.
        """
        older = Q(created_at__lt=OuterRef("created_at")) | Q(
            created_at=OuterRef("created_at"), pk__lt=OuterRef("pk")
        )
        # Without GROUP BY, so that the oldest one gets a row (with 0) too.
        counted = SolutionTeam.objects.filter(older).order_by()
        return self.annotate(
            seniority=Subquery(counted.values(count=Func(F("pk"), function="COUNT")))
        )

    def by_latest_news(self) -> "SolutionTeamQuerySet":
        """Order them by their latest news, newest first, then by name."""
        return self.order_by(*BY_LATEST_NEWS, "pk")

    def unconfirmed_since(self, day: date) -> "SolutionTeamQuerySet":
        """Return the active ones that were not confirmed since that day, or never."""
        stale = Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=day)
        return self.filter(stale, state__in=ASKED_STATES)

    def wordless(self) -> "SolutionTeamQuerySet":
        """Return the active ones that don't say yet what they are about."""
        return self.filter(Q(challenge="") | Q(approach=""), state__in=ASKED_STATES)


class SolutionTeam(models.Model):
    """A group of people who realise one concrete idea for their quarter."""

    # Not columns: annotated by with_seniority(), with_members() and with_related().
    seniority: int
    member_rows: list[dict[str, Any]]
    related: list[dict[str, str]]

    slug = models.SlugField(
        _("Kurzname"),
        max_length=80,
        unique=True,
        help_text=_("Teil der Internetadresse, wird von selbst ausgefüllt."),
    )
    name = models.CharField(_("Name"), max_length=150)
    state = models.CharField(
        _("Stand"), max_length=16, choices=TeamState, default=TeamState.DRAFT, editable=False
    )
    topics = models.ManyToManyField(
        Topic, related_name="solution_teams", blank=True, verbose_name=_("Fokus")
    )
    challenge = models.TextField(
        _("Herausforderung"),
        blank=True,
        validators=[MaxLengthValidator(4000)],
        help_text=_("Was fehlt im Quartier oder könnte besser sein?"),
    )
    approach = models.TextField(
        _("Lösungsansatz"),
        blank=True,
        validators=[MaxLengthValidator(4000)],
        help_text=_("Was macht das Team dafür?"),
    )
    challenge_en = models.TextField(
        _("Herausforderung auf Englisch"), blank=True, validators=[MaxLengthValidator(4000)]
    )
    approach_en = models.TextField(
        _("Lösungsansatz auf Englisch"), blank=True, validators=[MaxLengthValidator(4000)]
    )
    place = models.CharField(
        _("Ort in Worten"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel: Hähnelstraße, vor der Hausnummer 5."),
    )
    contact_email = models.EmailField(
        _("Kontaktadresse"),
        blank=True,
        help_text=_("Hierhin gehen Anfragen an dieses Lösungsteam. Sie steht auf keiner Seite."),
    )
    source_note = models.CharField(
        _("Quelle des Standes"),
        max_length=60,
        blank=True,
        help_text=_("Woher wir den Stand kennen, solange ihn niemand bestätigt hat."),
    )
    is_shared = models.BooleanField(
        _("Andere Quartiere dürfen das nachmachen"),
        default=False,
        help_text=_("Dann steht es im Katalog der Plattform, mit einem Link hierher."),
    )
    # For a copy: what it was copied from.
    origin_name = models.CharField(_("nachgemacht von"), max_length=300, blank=True)
    origin_url = models.URLField(_("Seite des Vorbilds"), blank=True)
    confirmed_at = models.DateField(_("zuletzt bestätigt am"), null=True, blank=True)
    asked_at = models.DateField(_("zuletzt gefragt am"), null=True, blank=True, editable=False)
    last_news_on = models.DateField(_("letzte Neuigkeit"), null=True, blank=True, editable=False)
    sort_key = models.CharField(max_length=320, editable=False)
    # What the search compares: name, topics and place in one column, the texts in the other.
    title_key = models.TextField(editable=False)
    text_key = models.TextField(editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("title_key", config=CONFIG, weight="A")
        + SearchVector("text_key", config=CONFIG, weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Only set_state, confirm, ask_whether_current and the updates of the search keys write these.
    MOVED_BY_SERVICES = (
        *("state", "confirmed_at", "asked_at", "last_news_on", "title_key", "text_key"),
    )

    objects: ClassVar = SolutionTeamQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = (
            "slug name state challenge approach challenge_en approach_en place "
            "source_note is_shared origin_name origin_url confirmed_at asked_at "
            "last_news_on created_at updated_at"
        )
        personal = "contact_email"
        derived = "sort_key title_key text_key search_vector"

    class Meta:
        verbose_name = _("Lösungsteam")
        verbose_name_plural = _("Lösungsteams")
        ordering: ClassVar = ["sort_key", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=TeamState.values), name="solutionteam_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index("sort_key", "id", name="solutionteam_by_name"),
            models.Index(*BY_LATEST_NEWS, name="solutionteam_by_news"),
            # Rarely written, often read: no list of pending entries for each search to scan.
            GinIndex("search_vector", name="solutionteam_words", fastupdate=False),
            GinIndex(
                OpClass("title_key", "gin_trgm_ops"), name="solutionteam_letters", fastupdate=False
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def state_explained(self) -> str:
        """One plain sentence that explains the state."""
        return str(EXPLANATIONS.get(TeamState(self.state), ""))

    def keys(self, topic_names: Collection[str]) -> dict[str, str]:
        """Return the values of the search keys."""
        texts = (self.challenge, self.approach, self.challenge_en, self.approach_en)
        return {"title_key": key((self.name, *topic_names, self.place)), "text_key": key(texts)}
