"""How the runs of a project are looked after: which are kept, which wait for approval, which gates they pass."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, Field

from ...columns.register import UnknownColumnError, find
from .values import Amount, Model, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

_SIGNS: Final = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_GATE: Final = re.compile(
    r"\s*(?:(?P<word>refused|warnings)"
    r"|(?P<figure>[a-z0-9_]+)\s*(?P<sign>>=|<=|>|<)\s*(?P<limit>-?[0-9]+(?:\.[0-9]+)?))\s*"
)
_LOST: Final = re.compile(r"pop_lost_(?P<group>[a-z0-9]+)")
_PROFILE: Final = "profile"


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run must not be, for the program to end with 0.

    Attributes
    ----------
    text
        As somebody wrote it.
    kind
        ``refused``, ``warnings``, ``figure`` of the country, or people ``lost`` since the run before.
    name
        Of the figure; of the service, or ``profile``, where it is about people lost; empty for the rest.
    fails
        Whether a number does not pass.
    """

    text: str
    kind: Literal["refused", "warnings", "figure", "lost"]
    name: str
    fails: Callable[[float], bool]


def parse_gate(text: str) -> Gate:
    """Understand a gate.

    Parameters
    ----------
    text
        ``refused``, ``warnings``, or a figure of the country with a sign and a number, such as
        ``pop_uncovered_5g > 1000000``.

    Raises
    ------
    ValueError
        In words for people: it is none of these.
    """
    found = _GATE.fullmatch(text)
    if found is None:
        msg = (
            f"{text!r} is no gate; write refused, warnings, or a figure with >, >=, < or <= and a number, "
            "such as pop_uncovered_5g > 1000000"
        )
        raise ValueError(msg)
    if found["word"]:
        kind: Literal["refused", "warnings"] = "refused" if found["word"] == "refused" else "warnings"
        return Gate(kind, kind, "", bool)
    sign, limit = _SIGNS[found["sign"]], float(found["limit"])
    lost = _LOST.fullmatch(found["figure"])
    name = lost["group"] if lost else found["figure"]
    return Gate(" ".join(text.split()), "lost" if lost else "figure", name, lambda value: sign(value, limit))


def unknown_gates(
    gates: Iterable[Gate], services: Collection[str], operators: Collection[str]
) -> tuple[str, ...]:
    """Find gates about figures that no run of a project has.

    Parameters
    ----------
    gates
        As they were understood.
    services
        Of the project.
    operators
        Of the project, each by its name in plain letters.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    groups = sorted({*services, _PROFILE})
    problems = []
    for gate in gates:
        if gate.kind == "lost" and gate.name not in groups:
            known = ", ".join(groups)
            problems.append(f"{gate.text}: no submission is of the service {gate.name!r}; known are {known}")
        elif gate.kind == "figure" and not _is_figure(gate.name, services, operators):
            problems.append(
                f"{gate.text}: no run of this project has the figure {gate.name!r}; manifest.json and docs/outputs.md list them"
            )
    return tuple(problems)


def _is_figure(name: str, services: Collection[str], operators: Collection[str]) -> bool:
    try:
        column, slots = find("country", name)
    except UnknownColumnError:
        return False
    service, who = slots.get("service"), slots.get("operator")
    return (
        column.kind not in {"text", "flag"}
        and (service is None or service in services)
        and (who is None or who in operators)
    )


def _is_gate(text: str) -> str:
    parse_gate(text)
    return text


GateText = Annotated[Text, AfterValidator(_is_gate)]
Percent = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class Retention(Model):
    """Which runs are kept; without any key all of them.

    A run stays while one of the keys keeps it. Whatever they say, these stay: the latest run, the one it is compared
    with, runs that were approved or wait for approval, and variants with the runs they were compared with.
    """

    keep_runs: Count | None = Field(
        default=None, description="So many of the newest runs are kept, by their number."
    )
    keep_days: Count | None = Field(
        default=None,
        description="Runs are kept that were published no longer than so many days before the latest one.",
    )


class Approval(Model):
    """From which change on a run waits for somebody's approval instead of being published; without any key none does.

    It is compared with the run that it would replace. Both directions count: people who are said to be covered and were
    not, and the other way round.
    """

    province_people: Amount | None = Field(
        default=None,
        description="So many people of one province who are covered by a service, or no longer, are published at once; "
        "more wait.",
    )
    province_pct: Percent | None = Field(
        default=None, description="The same as a share of the people of the province, in per cent."
    )
    operator_people: Amount | None = Field(
        default=None,
        description="So many people of the country whom one operator covers with a service, or no longer, are published "
        "at once; more wait.",
    )
    operator_pct: Percent | None = Field(
        default=None,
        description="The same as a share of the people whom the operator covered before, in per cent. An operator of "
        "whom there was no data before, or is none any more, is beyond any share.",
    )

    @property
    def is_on(self) -> bool:
        """Whether any limit is set."""
        return self != Approval()
