"""Parts of a long run, kept as they are finished: a run that was stopped goes on where it was."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
SOURCES = ("models/*.py", "models/*.toml", "scripts/evaluation_*.py", "qa_service/synth/*.*")
#: These put the figures into words and change none.
WORDS = ("atrs.py", "atrs.toml", "atrs_fields.toml", "card.py", "explain.py", "evaluation_choices.py")


@dataclass(frozen=True)
class Part:
    """Lines for the page, and figures that the text about choices needs."""

    lines: list[str]
    figures: dict[str, float] = field(default_factory=dict)


class Parts:
    """Finished parts in a folder of the present sources; other sources, another folder."""

    def __init__(self, folder: Path) -> None:
        paths = (path for pattern in SOURCES for path in ROOT.glob(pattern))
        sources = sorted(path for path in paths if path.name not in WORDS)
        digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
        self.folder = folder / digest[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._started = monotonic()

    def part(self, name: str, make: Callable[[], Part]) -> Part:
        """Return the part of that name, made now unless it was finished before."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            self.say(name)
            whole = path.with_suffix(".partial")
            whole.write_text(json.dumps(asdict(make())), encoding="utf-8")
            whole.replace(path)
        return Part(**json.loads(path.read_text(encoding="utf-8")))

    def say(self, what: str) -> None:
        print(f"{monotonic() - self._started:6.0f} s  {what}", flush=True)
