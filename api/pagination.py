"""Lists come in pages."""

from rest_framework.pagination import PageNumberPagination

from wiq import paging


class Pages(PageNumberPagination):
    """50 objects a page, up to 200 on request: ``?page=2&page_size=100``."""

    django_paginator_class = paging.Pages
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
