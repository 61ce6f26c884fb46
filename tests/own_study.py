"""A small study: a water fund, in Portuguese, with codes and terms of its own."""

from __future__ import annotations

from pathlib import Path

from govgraph.assembly.assemble import Assembly, assemble, choose_sources

BASE = "https://agua.example.org/estudo/"
CODES = """\
list,id,broader,label.pt,label.en,definition.pt,scopeNote.pt
sector,water-users,society,Usuários da água,Water users,Quem usa a água da bacia.,Sem as empresas.
sector,sector/irrigators,water-users,Irrigantes,Irrigators,,
campaign-kind,,,Tipos de campanha,Kinds of campaign,,
campaign-kind,boycott,,Boicote,Boycott,,
"""
TERMS = """\
@prefix : <https://agua.example.org/estudo/ontology#> .
@prefix gg: <https://w3id.org/govgraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:Campaign a owl:Class ; rdfs:subClassOf gg:Event ;
    rdfs:label "Campanha"@pt , "Campaign"@en .
:boycotts a owl:ObjectProperty ; rdfs:domain :Campaign ; rdfs:range gg:Actor ;
    rdfs:label "boicota"@pt , "boycotts"@en .
:campaignKind a owl:ObjectProperty ; rdfs:range skos:Concept ;
    rdfs:label "tipo"@pt , "kind"@en .
:turnout a owl:DatatypeProperty ; rdfs:range xsd:integer ;
    rdfs:label "participantes"@pt , "turnout"@en .
:slogan a owl:DatatypeProperty ; rdfs:label "lema"@pt , "slogan"@en .
"""
SHAPES = """\
@prefix : <https://agua.example.org/estudo/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:CampaignHasTarget a sh:PropertyShape ; sh:targetClass :Campaign ;
    sh:path :boycotts ; sh:minCount 1 ;
    sh:message "A campanha não boicota ninguém."@pt .
"""
CASE = """\
id: case/quito
type: Case
label: {pt: Quito, en: Quito}
place: place/quito
passages:
  - id: passage/1
    type: Section
    label: {pt: O fundo, en: The fund}
  - id: passage/1/1
    type: Paragraph
    partOf: passage/1
    position: 1
    says:
      - id: place/quito
        type: Area
        label: {pt: Quito, en: Quito}
      - id: instrument/fonag
        type: Programme
        label: {pt: Fundo da água, en: Water fund}
        case: case/quito
        participation:
          - {participant: actor/company, role: role/founder}
          - {participant: actor/brewery, role: role/funder}
          - {participant: actor/irrigators, role: role/member}
      - id: actor/company
        type: LocalAuthority
        label: {pt: Empresa de água, en: Water company}
        sector: sector/government
      - id: actor/brewery
        type: Company
        label: {pt: Cervejaria, en: Brewery}
        sector: sector/private
      - id: actor/irrigators
        type: Organisation
        label: {pt: Junta de irrigação, en: Irrigation board}
        sector: sector/irrigators
      - id: event/boycott
        type: Campaign
        label: {pt: O boicote, en: The boycott}
        year: 2001
        boycotts: actor/brewery
        campaignKind: campaign-kind/boycott
        turnout: 300
        slogan: Água é vida
"""


def own_study(folder: Path, **changes: str) -> Path:
    """Write the study below `folder`; `changes` are other texts for `codes`, `terms`, `case` …"""
    texts = {
        "study": f"title: Fundos de água\nbase: {BASE}\nlanguages: [pt, en]\n",
        "codes": CODES,
        "terms": TERMS,
        "shapes": SHAPES,
        "case": CASE,
        **changes,
    }
    for name, path in (
        ("study", "study.yaml"),
        ("codes", "codes/codes.csv"),
        ("terms", "ontology/terms.ttl"),
        ("shapes", "ontology/shapes/campaign.ttl"),
        ("case", "cases/quito.yaml"),
    ):
        file = folder / "agua" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[name], encoding="utf-8")
    return folder / "agua"


def assembled(folder: Path) -> Assembly:
    """Return the graph of a study."""
    return assemble(choose_sources(studies=[folder]))
