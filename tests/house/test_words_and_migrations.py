"""A changed word is no migration; a changed table is one."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from wiq.web.management.commands.makemigrations import WordlessAutodetector


def changes(before: models.Field, after: models.Field, **meta: str) -> list[str]:
    def state(field: models.Field, options: dict[str, str]) -> ProjectState:
        found = ProjectState()
        fields = [("id", models.BigAutoField(primary_key=True)), ("one", field)]
        found.add_model(ModelState("people", "Probe", fields, options))
        return found

    detector = WordlessAutodetector(
        state(before, {"verbose_name": "Probe", "ordering": ["pk"]}),
        state(after, {"verbose_name": "Probe", "ordering": ["pk"], **meta}),
    )
    found = detector._detect_changes()
    return [type(one).__name__ for made in found.get("people", []) for one in made.operations]


def test_a_label_a_help_text_and_the_label_of_a_choice_make_no_migration() -> None:
    before = models.CharField("Sichern", max_length=5, help_text="a", choices=[("a", "Eins")])
    after = models.CharField("Speichern", max_length=5, help_text="b", choices=[("a", "Zwei")])
    assert changes(before, after, verbose_name="Versuch", verbose_name_plural="Versuche") == []


def test_a_length_a_value_and_an_order_still_do() -> None:
    before = models.CharField("Wort", max_length=5, choices=[("a", "Eins")])
    assert changes(before, models.CharField("Wort", max_length=6, choices=[("a", "Eins")]))
    assert changes(before, models.CharField("Wort", max_length=5, choices=[("b", "Eins")]))
    assert changes(before, before, ordering="one") == ["AlterModelOptions"]
