"""English formats of dates and times on the pages (Django's formats, localised)."""

DATE_FORMAT = "j\u00a0F Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = f"{DATE_FORMAT}, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j\u00a0F"
