"""The JSON shapes that programs rely on."""

from typing import Any

from django.core.validators import slug_re
from django.urls import reverse
from rest_framework import serializers

from api.permissions import may
from directory.contact.links import status_url
from directory.contact.models import ContactRequest, RequestState
from directory.people.models import Person, Team
from tenants.districts.models import District
from wiq.tenancy import connection
from wiq.web.hosts import absolute


class SlugOf(serializers.SlugRelatedField[Any]):
    """Something by its slug; an invalid slug is not queried (PostgreSQL accepts no NUL)."""

    def to_internal_value(self, data: Any) -> Any:
        """Return what has this slug. Raises ValidationError where there is none."""
        if isinstance(data, str) and not slug_re.match(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value=ascii(data[:50]))
        return super().to_internal_value(data)


class DistrictSerializer(serializers.ModelSerializer[District]):
    """The district of this host."""

    class Meta:
        model = District
        fields = ("slug", "name", "city", "since", "phone", "video_url")


class PublicDistrictSerializer(serializers.ModelSerializer[District]):
    """A district in the platform's list."""

    url = serializers.CharField(read_only=True)

    class Meta:
        model = District
        fields = ("slug", "name", "city", "url", "solution_teams")


class BenchSerializer(serializers.Serializer[Any]):
    """The seats of one bench, counted."""

    bench = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    total = serializers.IntegerField()
    named = serializers.IntegerField()
    unnamed = serializers.IntegerField()
    vacant = serializers.IntegerField()


class MemberSerializer(serializers.Serializer[Any]):
    """A shown person's part in a team."""

    slug = serializers.CharField(source="person.slug")
    name = serializers.CharField(source="person.name")
    role = serializers.CharField()
    sector = serializers.CharField(source="person.sector")


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team with its seats and the people shown."""

    seats = serializers.SerializerMethodField()
    members = MemberSerializer(source="shown_memberships", many=True, read_only=True)

    class Meta:
        model = Team
        fields = (
            *("slug", "kind", "abbreviation", "name", "description", "description_en", "size"),
            *("seats", "members"),
        )

    def get_seats(self, team: Team) -> list[dict[str, Any]]:
        return [dict(BenchSerializer(bench).data) for bench in team.benches]


class TeamOfPersonSerializer(serializers.Serializer[Any]):
    """A team in a person's entry."""

    slug = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="team.name")
    role = serializers.CharField()


class SolutionTeamOfPersonSerializer(serializers.Serializer[Any]):
    """A solution team in a person's entry."""

    slug = serializers.CharField(source="solution_team.slug")
    name = serializers.CharField(source="solution_team.name")
    role = serializers.CharField()


class PersonSerializer(serializers.ModelSerializer[Person]):
    """A person who agreed to be shown."""

    portrait = serializers.SerializerMethodField()
    teams = TeamOfPersonSerializer(source="shown_memberships", many=True, read_only=True)
    solution_teams = SolutionTeamOfPersonSerializer(
        source="shown_solution_memberships", many=True, read_only=True
    )

    class Meta:
        model = Person
        fields = (
            *("slug", "name", "about", "about_en", "quote", "portrait", "teams"),
            "solution_teams",
        )

    def get_portrait(self, person: Person) -> str | None:
        if not person.portrait or not person.portrait_shown:
            return None
        return absolute(reverse("portrait", args=[person.slug]))


class AcceptedSerializer(serializers.Serializer[Any]):
    """The answer to an accepted request."""

    reference = serializers.CharField(read_only=True)
    status_url = serializers.SerializerMethodField()

    def get_status_url(self, accepted: ContactRequest) -> str:
        return status_url(accepted)


class ContactRequestSerializer(serializers.ModelSerializer[ContactRequest]):
    """A request in the inbox; ``state`` and ``assignee``, an account's address, may be changed."""

    team = serializers.CharField(source="team.slug", default=None, read_only=True)
    solution_team = serializers.CharField(source="solution_team.slug", default=None, read_only=True)
    state = serializers.ChoiceField(choices=RequestState.choices)
    assignee = serializers.EmailField(allow_null=True, required=False)

    class Meta:
        model = ContactRequest
        fields: tuple[str, ...] = (
            *("reference", "kind", "team", "solution_team", "name", "email", "phone", "message"),
            *("language", "origin"),
            *("state", "assignee", "created_at", "taken_at", "taken_by", "answered_at"),
            "closed_at",
        )
        read_only_fields = tuple(name for name in fields if name not in ("state", "assignee"))


def without_address(serializer: serializers.ModelSerializer[Any]) -> Any:
    """Return a serializer's fields; leave out where requests go for those who may not read them."""
    fields = serializers.ModelSerializer.get_fields(serializer)
    request = serializer.context.get("request")
    if (
        request is not None
        and request.user is not None
        and not may(request, "view", ContactRequest)
    ):
        fields.pop("contact_email")
    return fields


def current_district() -> District:
    """Return the district of the request's host."""
    district = connection.tenant
    assert isinstance(district, District)
    return district
