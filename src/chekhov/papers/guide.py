"""Instructions as papers: a table of facts, parts with numbered steps, remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What `guide.typ` sets. `facts`: word and value; `sections`: heading and steps; `remark`: in a frame."""

    title: str
    lead: str
    footer: str
    sections: Sequence[tuple[str, Sequence[str]]]
    facts: Sequence[tuple[str, str]] = ()
    facts_title: str = ""
    remark: str = ""

    def as_data(self) -> dict[str, object]:
        """What the template gets. Empty facts are left out."""
        return {
            "title": self.title,
            "lead": self.lead,
            "footer": self.footer,
            "facts_title": self.facts_title,
            "facts": [{"word": word, "value": value} for word, value in self.facts if value],
            "sections": [{"title": title, "steps": list(steps)} for title, steps in self.sections],
            "remark": self.remark,
        }
