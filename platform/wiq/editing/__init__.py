"""Forms that people change rows with, wherever they stand: nobody overwrites what they never saw."""
