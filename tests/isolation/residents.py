"""The same two residents write to every district of the walk."""

FIRST, SECOND = "erika@beispiel.example", "zweite@beispiel.example"
