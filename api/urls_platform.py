"""The API on the platform's host, under ``/api/``."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from api import console, domains, inbound, installation, moving, tenancy, views
from api.documents import document_urls

router = SimpleRouter()
router.register("applications", tenancy.ApplicationViewSet, "api-application")
urlpatterns = [
    path("v1/", views.IndexView.as_view()),
    path("v1/districts/", tenancy.DistrictsView.as_view()),
    path("v1/districts/<slug:slug>/", console.DistrictDetailView.as_view()),
    path("v1/districts/<slug:slug>/keep/", console.KeepView.as_view()),
    path("v1/districts/<slug:slug>/restore/", console.RestoreView.as_view()),
    path("v1/districts/<slug:slug>/coordinators/", console.CoordinatorsView.as_view()),
    path("v1/districts/<slug:slug>/domains/", domains.DomainsView.as_view()),
    path("v1/districts/<slug:slug>/domains/<str:host>/", domains.DomainView.as_view()),
    path("v1/districts/<slug:slug>/visits/", console.VisitsView.as_view()),
    path("v1/districts/<slug:slug>/export/", console.ExportView.as_view()),
    path("v1/catalogue/", console.CatalogueView.as_view()),
    path("v1/inbound/", inbound.InboundView.as_view()),
    path("v1/installation/", installation.InstallationView.as_view()),
    path("v1/installation/districts/", installation.InstallationDistrictsView.as_view()),
    path("v1/kit/", console.KitView.as_view()),
    path("v1/moves/<uuid:number>/", moving.MoveView.as_view()),
    path("v1/moves/<uuid:number>/files/<path:name>", moving.MoveFileView.as_view()),
    path("v1/moves/<uuid:number>/rows/", moving.MoveRowsView.as_view()),
    path("v1/moves/<uuid:number>/serving/", moving.MoveServingView.as_view()),
    path("v1/orders/<token:token>/", tenancy.OrderView.as_view(), name="api-order"),
    path("v1/", include(router.urls)),
    *document_urls("wiq.urls.public"),
]
