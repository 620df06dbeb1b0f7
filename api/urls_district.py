"""The API on a district's host, under ``/api/``."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from api import dates, events, inbox, people, solutions, views
from api.documents import document_urls
from directory.people.short_names import PATTERN

router = SimpleRouter()
router.register("teams", people.TeamViewSet, "api-team")
router.register("people", people.PersonViewSet, "api-person")
router.register("topics", solutions.TopicViewSet, "api-topic")
router.register("solution-teams", solutions.SolutionTeamViewSet, "api-solution-team")
router.register(
    f"solution-teams/(?P<slug>{PATTERN})/updates", solutions.UpdateViewSet, "api-update"
)
router.register("events", events.EventViewSet, "api-event")
router.register("events/(?P<pk>[0-9]{1,18})/dates", dates.DateViewSet, "api-event-date")
router.register("contact-requests", inbox.ContactRequestViewSet, "api-contact-request")
router.register("ideas", inbox.IdeaViewSet, "api-idea")
urlpatterns = [
    path("v1/", views.IndexView.as_view()),
    path("v1/district/", views.DistrictView.as_view()),
    path("v1/", include(router.urls)),
    *document_urls("wiq.urls.district"),
]
