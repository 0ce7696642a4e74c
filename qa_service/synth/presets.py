"""The named sizes of synthetic areas."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from qa_service.extract.writing import Format


class UnknownPresetError(ValueError):
    """There is no preset of this name."""


class Preset(BaseModel):
    """One area: empty codes mean every region, or every PDU of the regions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    area: str
    region_codes: tuple[str, ...] = ()
    pdu_codes: tuple[str, ...] = ()
    n_practitioners: int
    n_cases: int
    cases_per_practitioner: int | None = None
    file_format: Format
    is_brief: bool


@cache
def load_presets() -> Mapping[str, Preset]:
    """Load all packaged presets."""
    text = files("qa_service.synth").joinpath("presets.toml").read_text(encoding="utf-8")
    return {name: Preset.model_validate(preset) for name, preset in tomllib.loads(text).items()}


def preset_named(name: str) -> Preset:
    """Find a preset by its name."""
    presets = load_presets()
    if name not in presets:
        raise UnknownPresetError(f"There is no preset {name!r}. Use one of: {', '.join(presets)}.")
    return presets[name]
