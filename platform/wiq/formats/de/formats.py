"""German formats of dates and times: what belongs together stays on one line (DIN 5008)."""

DATE_FORMAT = "j.\u00a0F Y"
TIME_FORMAT = "H:i\u00a0\\U\\h\\r"
DATETIME_FORMAT = f"{DATE_FORMAT}, {TIME_FORMAT}"
SHORT_DATETIME_FORMAT = f"d.m.Y, {TIME_FORMAT}"
MONTH_DAY_FORMAT = "j.\u00a0F"
