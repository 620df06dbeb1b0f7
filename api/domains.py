"""The hosts of a district, for the project team."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.console import ProjectTeamView
from api.writing import account_of, read
from tenants.districts import domains
from tenants.districts.models import District, Domain


class DomainSerializer(serializers.ModelSerializer[Domain]):
    """A host of a district, and what the DNS has to say for a domain of its own."""

    record_name = serializers.SerializerMethodField()
    record_text = serializers.SerializerMethodField()

    class Meta:
        model = Domain
        fields = ("domain", "is_primary", "verified_at", "record_name", "record_text")

    def get_record_name(self, domain: Domain) -> str:
        return domains.record_name(domain)

    def get_record_text(self, domain: Domain) -> str:
        return domains.record_text(domain)


class NewDomainSerializer(serializers.Serializer[Any]):
    """A domain a district wants to answer at."""

    domain = serializers.CharField(max_length=253)


class DomainActionSerializer(serializers.Serializer[Any]):
    """What shall happen with a domain."""

    action = serializers.ChoiceField(choices=["verify", "make_primary", "drop"])


class DomainsView(ProjectTeamView):
    """The hosts of a district."""

    RULES_ARE_ABOUT: ClassVar = {"POST": "domain"}

    def _all(self, district: District) -> Any:
        return DomainSerializer(district.domains.order_by("pk"), many=True).data

    @extend_schema(responses=DomainSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List them."""
        return Response(self._all(self.district(slug)))

    @extend_schema(request=NewDomainSerializer, responses={201: DomainSerializer(many=True)})
    def post(self, request: Request, slug: str) -> Response:
        """Claim an own domain; the answer says which record proves it."""
        district = self.district(slug)
        given = read(NewDomainSerializer, request)
        domains.claim(district, given["domain"], actor=account_of(request))
        return Response(self._all(district), status=status.HTTP_201_CREATED)


class DomainView(ProjectTeamView):
    """One host of a district."""

    RULES_ARE_ABOUT: ClassVar = {"POST": "action"}

    @extend_schema(
        operation_id="districts_domains_act",
        request=DomainActionSerializer,
        responses=DomainSerializer(many=True),
    )
    def post(self, request: Request, slug: str, host: str) -> Response:
        """Look for its proof in the DNS, make it the primary one, or give it up."""
        district = self.district(slug)
        domain = district.domains.filter(domain=host).first()
        if domain is None:
            raise Http404
        do = getattr(domains, read(DomainActionSerializer, request)["action"])
        do(domain, actor=account_of(request))
        return Response(DomainSerializer(district.domains.order_by("pk"), many=True).data)
