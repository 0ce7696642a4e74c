"""A case pack is gathered kind by kind and then sorted by case and date."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from qa_service.synth.dates import Calendar
from qa_service.synth.draws import Bools, Ints
from qa_service.synth.words import Bank, load_banks

SOURCES = {
    "CONTACT": "contact log",
    "HOME_VISIT": "contact log",
    "ENQUIRY_POLICE": "police enquiry log",
    "ENQUIRY_CHILDREN": "children's services enquiry log",
    "POLICE_INTELLIGENCE": "police",
    "CONVICTION": "PNC",
    "CUSTODY_REPORT": "prison",
    "ADDRESS_CHECK": "contact log",
    "SPECIALIST_ASSESSMENT": "OASys",
    "EVENT": "contact log",
    "ORDER": "court",
    "ENFORCEMENT": "contact log",
    "VICTIM_CONTACT": "victim liaison",
    "MEETING": "minutes",
    "SUPERVISION": "supervision record",
    "DOCUMENT": "document store",
}
BY_STAFF = {"CONTACT", "HOME_VISIT", "ADDRESS_CHECK", "EVENT", "ENFORCEMENT", "SUPERVISION"}


@dataclass(frozen=True)
class Entry:
    """One kind of item to write for some cases: what it is called and which sentences it is made of."""

    kind: str
    title: str
    bank: str
    state: str | None = None
    calls_for_review: bool = False


@dataclass
class Pack:
    """Items gathered so far; `slots` are columns with one value per case."""

    rng: np.random.Generator
    calendar: Calendar
    slots: Mapping[str, pa.Array]
    parts: list[dict[str, pa.Array]] = field(default_factory=list)
    places: list[Ints] = field(default_factory=list)
    days: list[Ints] = field(default_factory=list)

    def add(self, entry: Entry, mask: Bools, days: Ints) -> None:
        """Add one item to every case in the mask, on that case's day (and never after today)."""
        places = np.flatnonzero(mask)
        n = len(places)
        if n == 0:
            return
        bank: Bank = load_banks("record_phrases.toml")[entry.bank]
        happened = np.minimum(days[places], -1)
        values = {slot: self._values(slot, places, happened) for slot in bank.slots}
        self.places.append(places)
        self.days.append(happened)
        self.parts.append(
            {
                "kind": pa.repeat(entry.kind, n),
                "state": pa.repeat(pa.scalar(entry.state, pa.string()), n),
                "source": pa.repeat(SOURCES[entry.kind], n),
                "title": pa.repeat(entry.title, n),
                "text": bank.draw(self.rng, n, values),
                "calls_for_review": pa.repeat(entry.calls_for_review, n),
                "is_by_staff": pa.repeat(entry.kind in BY_STAFF, n),
            }
        )

    def gather(self) -> tuple[Ints, Ints, pa.Table]:
        """Give the case, the day and the columns of every item, in the order of cases and days."""
        places, days = np.concatenate(self.places), np.concatenate(self.days)
        table = pa.concat_tables([pa.table(part) for part in self.parts]).combine_chunks()
        order = np.lexsort((days, places))
        return places[order], days[order], table.take(pa.array(order))

    def _values(self, slot: str, places: Ints, happened: Ints) -> pa.Array:
        if slot == "month":
            return self.calendar.month_names(happened - self.rng.integers(0, 40, len(happened)))
        return self.slots[slot].take(pa.array(places))
