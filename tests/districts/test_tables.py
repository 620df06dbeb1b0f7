"""The statements from which a new district's tables are made: as few as they can be."""

from tenants.provisioning import tables, template
from tenants.provisioning.models import TemplateStatement
from tenants.provisioning.tables import Table
from tests.cast import District


def key(name: str) -> str:
    return f"CONSTRAINT to_{name} FOREIGN KEY ({name}_id) REFERENCES {name}(id)"


def pointing(name: str, *targets: str) -> Table:
    return Table(name, ["id bigint"], {key(target): target for target in targets})


def test_a_table_comes_after_those_that_it_points_to_and_has_its_keys() -> None:
    seat, team = pointing("seat", "team"), pointing("team")
    assert tables.in_few_steps([seat, team], ["CREATE INDEX one ON seat USING btree (id)"]) == [
        'CREATE TABLE "team" (id bigint)',
        f'CREATE TABLE "seat" (id bigint, {key("team")})',
        "CREATE INDEX one ON seat USING btree (id)",
    ]


def test_a_table_that_points_to_itself_has_its_key_at_once() -> None:
    (made,) = tables.in_few_steps([pointing("topic", "topic")], [])
    assert key("topic") in made


def test_tables_that_point_to_each_other_get_the_first_key_at_the_end() -> None:
    made = tables.in_few_steps([pointing("person", "team"), pointing("team", "person")], [])
    assert made == [
        'CREATE TABLE "person" (id bigint)',
        f'CREATE TABLE "team" (id bigint, {key("person")})',
        f'ALTER TABLE "person" ADD {key("team")}',
    ]


def test_a_key_to_a_table_elsewhere_holds_up_nothing() -> None:
    elsewhere = Table("seat", ["id bigint"], {key("team"): ""})
    assert tables.in_few_steps([elsewhere], []) == [
        f'CREATE TABLE "seat" (id bigint, {key("team")})'
    ]


def test_no_row_of_a_new_district_is_looked_at_for_a_foreign_key(nord: District) -> None:
    words = list(TemplateStatement.objects.values_list("words", flat=True))
    assert not [statement for statement in words if statement.startswith("ALTER TABLE")]
    assert sum(statement.count(" FOREIGN KEY ") for statement in words) == sum(
        statement.count(" FOREIGN KEY ") for statement in template.describe(template.SCHEMA)
    )
