"""Registers the catalogue for what solution teams share."""

from directory.solutions.catalogue import Catalogue, catalogues
from tenants.catalogue import services

catalogues.register(Catalogue(share=services.share, unshare=services.unshare))
