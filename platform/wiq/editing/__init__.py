"""Forms for changing rows: nobody overwrites a change they have not seen."""
