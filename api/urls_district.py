"""The API on a district's host, under ``/api/``."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from api import views
from api.documents import document_urls

router = SimpleRouter()
router.register("teams", views.TeamViewSet, "api-team")
router.register("people", views.PersonViewSet, "api-person")
router.register("contact-requests", views.ContactRequestViewSet, "api-contact-request")
urlpatterns = [
    path("v1/", views.IndexView.as_view()),
    path("v1/district/", views.DistrictView.as_view()),
    path("v1/", include(router.urls)),
    *document_urls("wiq.urls.district"),
]
