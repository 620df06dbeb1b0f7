"""The page of the data model shows the models as they are."""

from django.apps import apps

from wiq.declared import declared
from wiq.web.management.commands import data_model


def test_the_page_of_the_data_model_is_up_to_date() -> None:
    """Otherwise: ``python3 run.py manage data_model``."""
    assert data_model.PAGE.read_text(encoding="utf-8") == data_model.page()


def test_every_model_that_says_what_its_data_are_is_drawn_once() -> None:
    page = data_model.page()
    for model in apps.get_models(include_auto_created=True):
        if declared(model) is not None and not model._meta.proxy:
            assert page.count(f'["{model._meta.label}"]') == 1, model
