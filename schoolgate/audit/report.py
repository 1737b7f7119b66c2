"""What a verification of the log found."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """`wrong` is what must not be; `noted` is what the reader should know. Each entry is a line."""

    key: str
    wrong: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    rows: int = 0
    seals: int = 0
    unsealed: int = 0
    seconds: float = 0.0

    @property
    def summary(self) -> str:
        """One line."""
        verdict = f"NOT WHOLE ({len(self.wrong)} found)" if self.wrong else "whole"
        counts = f"{self.rows:,} rows under {self.seals:,} seals, {self.unsealed:,} not sealed yet"
        speed = f"{self.rows / max(self.seconds, 0.001):,.0f} rows a second"
        return f"The log is {verdict}: {counts}; key {self.key}; {speed}."
