"""What every lever is: a frozen, dated, ramped object that shifts mechanisms and knows its cost and burden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from supplysim import arguments
from supplysim.errors import InputError, nearest
from supplysim.evidence import DESTINATION, HUBS, Parameter, parameters, table
from supplysim.policies import values
from supplysim.policies.code import code_hash
from supplysim.policies.trigger import Trigger

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


# What a lever may be narrowed to, each a table of evidence with codes, in the order in which names are looked up.
SCOPES = ("countries", "vendors", "agencies", "skus")


# Where a lever acts, in the order in which the app, the cards and the lists show them.
GROUPS = {
    "sale": "At the sale",
    "chip": "In the chip",
    "information": "Information for agencies",
    "border": "At borders",
    "consequences": "After detection",
}


class Physical(NamedTuple):
    """What a lever moves, in the world's own units: without it, at full strength, unit, decimals on screen."""

    without: float
    full: float
    unit: str
    decimals: int = 0


def today(parameter: str) -> float:
    """Return a parameter as the evidence has it."""
    return parameters()[parameter].default


def setting(
    default: float | None = None, unit: str = "", meaning: str = "", low: float = 0.0, high: float = 0.0
) -> Any:
    """Declare a number of a lever that a user may set.

    A lever of this package says no more: the row ``lever.setting`` of ``evidence/settings.csv`` holds unit, meaning,
    range and prior, and what a user does not give is drawn with the parameters of a pair. A lever of another package,
    which has no row there, gives default, unit, meaning and admissible range, and is not drawn.
    """
    metadata = {"unit": unit, "meaning": meaning, "low": low, "high": high} if unit else {}
    return field(default=default, metadata={"setting": True, **metadata})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A lever at a strength, between two dates, for some of the countries, vendors or agencies.

    A policy never sets a detection probability and never touches the state of the world. It yields
    `Shift`s: how far each week's effective parameters move from the scenario's. Shifts are added up,
    so policies overlap, end and commute.
    A setting that is None is the pair's own: `drawn` fills it in before anything is asked of the policy.

    Parameters
    ----------
    intensity : float
        Strength x between 0 (nothing) and 1 (the lever as published).
    start, end : date, optional
        First day in force and first day no longer in force, dates or text such as "2025-06"; default: the
        scenario's policy start, no end.
    countries, vendors, agencies, skus : tuple of str
        Scope, for levers that have one (`scopes`); empty means all.
    when : str
        The value of a state of the world in which alone it acts, ``law:passed``; empty: always. See `setup.states`.
    trigger : Trigger, optional
        What it waits for, or what ends it; set by the [[triggers]] of a file, see `policies.trigger`.
    beside : tuple of Policy
        Other entries of the same text with the same lever and scope; set by `entries.linked`, see `overlap.py`.

    Raises
    ------
    InputError
        For a number outside its range, a date that is none, or a scope that the lever does not have.
    """

    lever: ClassVar[str]
    title: ClassVar[str]
    short: ClassVar[str] = ""  # its name where there is little room; empty: the title
    group: ClassVar[str]  # one of GROUPS
    mechanism: ClassVar[str]
    response: ClassVar[str]  # how traders adapt
    unknown: ClassVar[str]
    law: ClassVar[str] = "none that is known"  # which law, rule or budget line it is, and who proposed it
    payer: ClassVar[str]
    burden: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]
    ramp_weeks: ClassVar[int]
    scopes: ClassVar[tuple[str, ...]] = ()  # which of SCOPES a user may narrow it to
    needs_scope: ClassVar[bool] = False  # whether it means nothing without one

    intensity: float = setting(1.0, "share", "strength of the lever", 0.0, 1.0)
    start: date | None = None
    end: date | None = None
    countries: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    when: str = field(default="", repr=False)
    trigger: Trigger | None = field(default=None, repr=False)
    beside: tuple[Policy, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Refuse what a file could not say either, and read dates and lists as a file's are read."""
        given = {name: value for name, value in vars(self).items() if name not in ("beside", "trigger")}
        if not isinstance(self.beside, tuple) or not all(isinstance(other, Policy) for other in self.beside):
            rule = "it is no tuple of policies"
            raise InputError(
                f"{self.lever}.beside", self.beside, rule, "leave it out: entries of one text find each other"
            )
        if self.trigger is not None:
            arguments.one_of(Trigger, self.trigger, f"{self.lever}.trigger", "write [[triggers]] in a scenario file")
        for name, value in self.checked(given, self.lever).items():
            object.__setattr__(self, name, value)

    @classmethod
    def checked(cls, given: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Return the values of a policy as its fields hold them, checked.

        Parameters
        ----------
        given : mapping
            Settings, start, end and scopes by name; what is None or an empty scope is left out of the answer.
        place : str
            What error messages name, with the key appended.

        Raises
        ------
        InputError
            For an unknown key, or a value of the wrong type or outside its range.
        """
        ranges = cls.settings()
        found: dict[str, Any] = {}
        for key, value in given.items():
            at = f"{place}.{key}"
            if key in ranges:
                if value is not None or key not in cls.evidence():
                    found[key] = values.number(value, ranges[key], at)
            elif key in ("start", "end"):
                if value is not None:
                    found[key] = values.day(value, at)
            elif key == "when":
                found[key] = values.condition(value, at)
            elif key in cls.scopes:
                found[key] = values.names(value, cls.choices(key), at)
                if not found[key] and cls.default_scope():
                    raise InputError(at, None, "names nothing", f"write {cls.lever}:{cls.default_scope()[0]}")
            elif key in SCOPES:
                if not (value is None or (isinstance(value, (tuple, list)) and not value)):
                    rule = f"{cls.lever} cannot be narrowed to {key}"
                    raise InputError(at, None, rule, cls.scope_advice())
            else:
                known = [*ranges, "lever", "start", "end", "when", *cls.scopes]
                raise InputError(at, None, f"{cls.lever} has no such key", nearest(key, known))
        if cls.needs_scope and not any(found.get(scope) for scope in cls.scopes):
            raise InputError(
                f"{place}.{cls.scopes[0]}", None, "is missing", f"name the country, as in {cls.lever}:{HUBS[0]}"
            )
        start, end = found.get("start"), found.get("end")
        if start and end and end <= start:
            raise InputError(f"{place}.end", end, f"the policy starts {start}", "choose a later end")
        return found

    @classmethod
    def choices(cls, scope: str) -> list[str]:
        """Return the names that the lever can be narrowed to, in the order of the evidence."""
        return [row["code"] for row in table(scope) if row["code"] != DESTINATION]

    @classmethod
    def scope_advice(cls) -> str:
        """Return what to do about a scope that the lever does not have."""
        return f"narrow it to {' or '.join(cls.scopes)}" if cls.scopes else "leave the names out: it acts everywhere"

    def drawn(self, values: Mapping[str, float]) -> Policy:
        """Return the policy, and those beside it, with the settings that nobody gave as the parameters have them."""
        missing: dict[str, Any] = {
            name: values[f"{self.lever}.{name}"] for name in self.evidence() if getattr(self, name) is None
        }
        beside = tuple(other.drawn(values) for other in self.beside)
        return replace(self, **missing, beside=beside) if missing or beside else self

    def strength(self, base: Baseline) -> np.ndarray:
        """Return the ramped strength x_t of every week, shape (weeks,), shares; what `base` has settled goes first."""
        if base.settled is not None and base.settled[0] == self:
            return base.settled[1].copy()
        ramp = base.ramp(base.policy_start if self.start is None else base.week_of(self.start), self.ramp_weeks)
        if self.end is not None:
            ramp[max(base.week_of(self.end), 0) :] = 0.0
        return self.intensity * ramp

    def shifts(self, base: Baseline) -> Iterator[Shift]:
        """Yield what the lever moves; every lever defines this."""
        raise TypeError(f"{type(self).__name__} is a lever without a mechanism: define shifts()")

    def government_cost(self, base: Baseline) -> np.ndarray:
        """Return US$ a week that the lever costs the United States in appropriations, shape (weeks,)."""
        return base.nothing()

    def foreign_cost(self, base: Baseline) -> np.ndarray:
        """Return US$ a week that the lever costs the treasuries of other states, shape (weeks,)."""
        return base.nothing()

    def industry_cost(self, base: Baseline) -> np.ndarray:
        """Return US$ a week that the lever costs industry whatever happens, shape (weeks,)."""
        return base.nothing()

    def industry_cost_per_chip(self, base: Baseline) -> np.ndarray:
        """Return US$ per honestly sold chip, shape (weeks,)."""
        return base.nothing()

    def award_share_of_fines(self, base: Baseline) -> np.ndarray:
        """Return the share of fines that is paid out as awards, shape (weeks,): a transfer, in no sum of costs."""
        return base.nothing()

    def fixed(self, yearly: float, base: Baseline) -> np.ndarray:
        """Return US$ a week of what is due at any strength, as offices are, shape (weeks,)."""
        return (self.strength(base) > 0.0) * yearly / 52.0

    def variable(self, yearly: float, base: Baseline) -> np.ndarray:
        """Return US$ a week of what grows with the strength, shape (weeks,)."""
        return self.strength(base) * yearly / 52.0

    @classmethod
    def fingerprint(cls) -> str:
        """Return what decides, besides its settings, what the lever does; a finished run answers for no other.

        Nothing for levers of this package, which the hash of the rules covers. For others a hash of code and constants,
        see `code.code_hash`; a lever that reads a file or a service overrides this, and adds what that said.
        """
        return "" if cls.__module__.startswith("supplysim.") else code_hash(cls)

    @classmethod
    def details(cls) -> dict[str, list[str]]:
        """Return what else a card of the lever says: heading of `cards.card` -> lines."""
        return {}

    @classmethod
    def settings(cls) -> dict[str, dict[str, Any]]:
        """Return the numbers a user may set: name -> unit, meaning, low, high, default."""
        rows = cls.evidence()
        found: dict[str, dict[str, Any]] = {}
        for one in fields(cls):
            if one.name in rows:
                row = rows[one.name]
                told: dict[str, Any] = {"unit": row.unit, "meaning": row.meaning, "low": row.low, "high": row.high}
                found[one.name] = {**told, "default": row.default}
            elif one.metadata:
                told = {name: value for name, value in one.metadata.items() if name != "setting"}
                found[one.name] = {**told, "default": one.default}
        return found

    @classmethod
    def usual(cls, name: str) -> float:
        """Return a setting as the evidence has it."""
        return cls.evidence()[name].default

    @classmethod
    def evidence(cls) -> dict[str, Parameter]:
        """Return the rows of evidence behind the lever's settings, by the setting's name."""
        names = [one.name for one in fields(cls) if one.metadata and "unit" not in one.metadata]
        return {name: parameters()[f"{cls.lever}.{name}"] for name in names}

    @classmethod
    def called(cls) -> str:
        """Return the lever's name where there is little room."""
        return cls.short or cls.title

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0.0, 100.0, "% strength")

    def label(self) -> str:
        """Return the lever as typed on the command line, for example ``border(factor=3):SG=0.5@2025-06``."""
        changed = [f"{name}={values.written(getattr(self, name))}" for name in self.changed_settings()]
        text = self.lever + (f"({','.join(changed)})" if changed else "")
        names = [name for scope in SCOPES for name in getattr(self, scope)]
        if names and names != list(type(self).default_scope()):
            text += ":" + ",".join(names)
        if self.intensity != 1.0:
            text += f"={values.written(self.intensity)}"
        if self.start is not None or self.end is not None:
            text += "@" + (self.start.isoformat() if self.start else "")
            if self.end is not None:
                text += ".." + self.end.isoformat()
        text += f"[{self.when}]" if self.when else ""
        return text + (f" {self.trigger}" if self.trigger else "")

    def changed_settings(self) -> list[str]:
        """Return the names of the lever's own numbers that were given."""
        own = {f.name: f.default for f in fields(self) if f.metadata and f.name != "intensity"}
        return [name for name, default in own.items() if getattr(self, name) != default]

    @classmethod
    def default_scope(cls) -> tuple[str, ...]:
        """Return the names that the lever is narrowed to unless a user says otherwise."""
        return tuple(
            name for f in fields(cls) if f.name in SCOPES and isinstance(f.default, tuple) for name in f.default
        )
