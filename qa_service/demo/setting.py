"""What the demo is made of: days, seeds, names; nothing here is a policy number."""

from datetime import UTC, date, datetime

# A database of its own: the demo never mixes with real data.
DATABASE = "qa_demo"
PRESET = "region"
REGION_CODE = "N07"
OTHER_REGION_CODE = "N57"
SYNTH_SEED = 20260907
FIRST_DAY = date(2026, 9, 7)
# A Monday at 10:00 in London, without a bank holiday in the weeks after it.
START = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
RANDOM_SEED = "demo"
# Read out by two invented witnesses; anybody may throw their own in a real round.
DICE = "27182818284590452353"
WITNESSES = ("Maya Okafor (quality team)", "Tom Reeve (union)")
N_READERS = {REGION_CODE: 8, OTHER_REGION_CODE: 12}
N_MODERATORS = 2
# The pace of the readers: all first reads would take this many working days.
N_DAYS_TO_READ_ALL = 30
N_WORKING_DAYS = 20
N_LAST_DAYS = 9
# So many unchecked cases to one that teaches the demo's classifier the recorded levels.
TEACHING_ONE_IN = 3
FLAGGED_LEVELS = ("MEDIUM", "HIGH", "VERY_HIGH")
