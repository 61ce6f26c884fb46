"""One case: passages that state findings, arrangements, participations and numbers, and links.

The proportions are those of the study, a fortieth of it; see tests/test_benchmarks.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from benchmarks.generator.registries import DATASET, STUDY, TABLE, actor_id, city_id, work_id
from benchmarks.generator.words import text

Node = dict[str, Any]

INSTRUMENTS: Final = ("Programme", "Policy", "Contract", "Law", "Assessment", "Reform", "Report")
PARTNERSHIPS: Final = ("PreventionCouncil", "Alliance", "Forum", "Committee", "Roundtable")
FINDINGS: Final = ("diagnosis", "definition", "criticism", "assessment", "comparison", "objective")
DIRECTIONS: Final = ("raises", "lowers", "makes-possible", "prevents")
ROLES: Final = ("founder", "funder", "member", "leader", "implementer", "participant", "monitor")
MODES: Final = ("indirect", "sporadic", "permanent-qualified")
LEVELS: Final = ("national", "state", "local", "neighbourhood")
PROBLEMS: Final = ("crime", "violence", "homicide", "drug-use", "gangs", "insecurity", "disorder")
APPROACHES: Final = ("social", "situational", "mixed", "repressive", "comprehensive")
TARGETS: Final = ("16.1", "16.2", "16.4", "16.5", "16.6", "16.7", "16.a", "17.16", "17.17")
BASES: Final = ("explicit-goal", "paraphrase", "topical")


@dataclass
class Case:
    """The node of a case file, what belongs to editorial files, and the parts errors go into."""

    node: Node
    editorial: dict[str, list[Node]]
    findings: list[Node]
    arrangements: list[Node]
    citation: Node
    observation: Node
    last: Node
    """The second paragraph, which may say something else of what the first has said."""


@dataclass
class Builder:
    """Draws the parts of one case."""

    index: int
    random: Random
    actors: int
    works: int
    arrangements: list[Node] = field(default_factory=list)

    def name(self, kind: str, part: str) -> str:
        """Return the id of a part of this case."""
        return f"{kind}/c{self.index}-{part}"

    def rank(self, count: int) -> int:
        """Return a rank by Zipf's law: the rank r with a probability near 1 / r."""
        return int((count + 1) ** self.random.random()) - 1

    def finding(self, part: str) -> Node:
        """Return a general statement about things of this case."""
        about = [self.name("instrument", "0"), self.name("partnership", "1")]
        about += [f"case/c{self.index}", city_id(self.index), actor_id(self.rank(self.actors))]
        return {
            "id": self.name("finding", part),
            "type": "Finding",
            "label": text(self.random, 14),
            "findingKind": f"finding-kind/{self.random.choice(FINDINGS)}",
            "about": self.random.sample(about, k=self.random.randint(2, 4)),
            "case": f"case/c{self.index}",
            "attributedTo": self.random.choice((STUDY, work_id(self.rank(self.works)))),
        }

    def causal(self, part: str) -> Node:
        """Return a finding that says what acts upon what."""
        cause, effect = self.random.sample(PROBLEMS, k=2)
        return {
            **self.finding(part),
            "type": "CausalStatement",
            "findingKind": "finding-kind/cause",
            "cause": f"problem/{cause}",
            "effect": f"problem/{effect}",
            "direction": f"direction/{self.random.choice(DIRECTIONS)}",
        }

    def recommendation(self, part: str) -> Node:
        """Return a finding that says what ought to be done, and by whom."""
        return {
            **self.finding(part),
            "findingKind": "finding-kind/recommendation",
            "recommends": "concept/governance",
            "addressee": actor_id(self.rank(self.actors)),
        }

    def arrangement(self, part: int, members: int) -> Node:
        """Return an instrument or a partnership with those who take part in it."""
        folder, kinds = (("instrument", INSTRUMENTS), ("partnership", PARTNERSHIPS))[part % 2]
        label = text(self.random, 4)
        ranks = sorted({self.rank(self.actors) for _ in range(members)})
        node: Node = {
            "id": self.name(folder, str(part)),
            "type": self.random.choice(kinds),
            "label": label,
            "nameAsPrinted": label["en"],
            "startYear": self.random.randint(1970, 2015),
            "case": f"case/c{self.index}",
            "appliesIn": city_id(self.index),
            "level": f"level/{self.random.choice(LEVELS)}",
            "addresses": [f"problem/{each}" for each in self.random.sample(PROBLEMS, k=2)],
            "approach": f"approach/{self.random.choice(APPROACHES)}",
            "participation": [self.participation(part, rank) for rank in ranks],
        }
        if part > 1:
            node["follows"] = self.name("instrument", str(part - 2))
        self.arrangements.append(node)
        return node

    def participation(self, arrangement: int, rank: int) -> Node:
        """Return the part an actor takes; modes are rare in the study, roles are not."""
        node: Node = {
            "id": self.name("participation", f"{arrangement}-{rank}"),
            "type": "Participation",
            "participant": actor_id(rank),
        }
        if self.random.random() < 0.7:
            node["role"] = f"role/{self.random.choice(ROLES)}"
        if self.random.random() < 0.1:
            node["mode"] = f"mode/{self.random.choice(MODES)}"
        return node

    def paragraph(self, position: int, says: list[Node]) -> Node:
        """Return a paragraph with one citation."""
        rank = self.rank(self.works)
        return {
            "id": self.name("passage", str(position)),
            "type": "Paragraph",
            "partOf": self.name("passage", "section"),
            "position": position,
            "discusses": [f"case/c{self.index}", "concept/governance", "concept/citizen-security"],
            "citation": [
                {
                    "id": self.name("citation", str(position)),
                    "type": "InTextCitation",
                    "citedWork": work_id(rank),
                    "asPrinted": f"(Author {rank})",
                }
            ],
            "says": says,
        }

    def cell(self, column: int, says: Node) -> Node:
        """Return a cell of the table."""
        return {
            "id": self.name("passage", f"p{column}"),
            "type": "TableCell",
            "partOf": TABLE,
            "row": self.index + 2,
            "column": column + 1,
            "printed": str(says.get("homicideRate", "..")),
            "says": [says],
        }

    def number(self) -> Node:
        """Return a rate of this case's city."""
        return {
            "id": self.name("observation", "p1"),
            "type": "CubeObservation",
            "dataSet": DATASET,
            "refArea": city_id(self.index),
            "period": "period/p1",
            "homicideRate": self.random.randint(1, 80) + 0.5,
            "unit": "unit/per-100000",
            "rateSource": work_id(self.rank(self.works)),
        }

    def gap(self) -> Node:
        """Return a cell that the table leaves blank."""
        return {
            "id": self.name("missing-value", "p2"),
            "type": "MissingValue",
            "refArea": city_id(self.index),
            "period": "period/p2",
            "gap": "gap/printed-dots",
        }

    def alignments(self) -> Node:
        """Return the first arrangement with its links to targets of the SDGs."""
        return {
            "id": self.arrangements[0]["id"],
            "alignment": [
                {
                    "id": self.name("alignment", target),
                    "type": "SdgAlignment",
                    "target": f"sdg:{target}",
                    "basis": f"basis/{self.random.choice(BASES)}",
                    "restsOn": self.name("passage", "1"),
                    "note": text(self.random, 8),
                }
                for target in sorted(self.random.sample(TARGETS, k=5))
            ],
        }

    def identity(self) -> Node:
        """Return the city with its entry in another register."""
        return {
            "id": city_id(self.index),
            "identityLink": [
                {
                    "id": self.name("identity-link", "city"),
                    "type": "IdentityLink",
                    "matches": f"https://example.org/register/{self.index}",
                    "basis": "basis/same-name",
                    "restsOn": self.name("passage", "1"),
                }
            ],
        }

    def disagreement(self, paragraph: Node) -> Node:
        """Let the second paragraph date a partnership anew; return the Conflict that covers it."""
        contested = self.arrangements[1]
        years = [contested["startYear"], contested["startYear"] + 1]
        paragraph["says"].append({"id": contested["id"], "startYear": years[1]})
        return {
            "id": self.name("conflict", "year"),
            "type": "Conflict",
            "label": text(self.random, 8),
            "note": text(self.random, 20),
            "conflictSubject": contested["id"],
            "conflictProperty": "startYear",
            "conflictKind": "conflict-kind/date",
            "conflictStatus": "conflict-status/unresolved",
            "side": [
                {
                    "id": self.name("side", f"year-{number}"),
                    "type": "ConflictingValue",
                    "heldIn": self.name("passage", number),
                    "conflictValue": str(year),
                }
                for number, year in zip("12", years, strict=True)
            ],
        }


def build_case(index: int, random: Random, actors: int, works: int) -> Case:
    """Return a case that breaks no shape."""
    make = Builder(index, random, actors, works)
    findings = [make.finding(str(number)) for number in range(4)]
    argument = [make.causal("4"), make.causal("5"), make.recommendation("6")]
    first = make.paragraph(1, [*findings, make.arrangement(0, 2), make.arrangement(1, 3)])
    second = make.paragraph(2, [*argument, make.arrangement(2, 1)])
    observation = make.number()
    conflict = make.disagreement(second)
    section = {
        "id": make.name("passage", "section"),
        "type": "Section",
        "position": index + 1,
        "label": text(random, 3),
    }
    label = text(random, 2)
    node = {
        "id": f"case/c{index}",
        "type": "Case",
        "label": label,
        "place": city_id(index),
        "passages": [section, first, second, make.cell(1, observation), make.cell(2, make.gap())],
    }
    editorial = {
        "sdg": [make.alignments()], "identity": [make.identity()], "conflicts": [conflict]
    }  # fmt: skip
    return Case(
        node, editorial, findings, make.arrangements, first["citation"][0], observation, second
    )
