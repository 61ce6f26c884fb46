"""Words to make labels of: enough to give texts the length they have in the study."""

from __future__ import annotations

from random import Random
from typing import Final

ENGLISH: Final = """
alliance business citizens city council crime data district fear forum funds goals governance
government homicide industry insecurity institutions mayor neighbourhood numbers officers order
partners plan police policy prevention programme project public reform report rights rule safety
schools security society survey trust universities victims violence youth
"""
SPANISH: Final = """
acuerdo alcalde alianza barrio ciudad ciudadanía comercio confianza consejo datos delito derechos
distrito encuesta escuelas fondos foro gobernanza gobierno homicidio industria informe inseguridad
instituciones jóvenes meta números orden plan policía política prevención programa proyecto público
reforma seguridad sociedad socios temor universidades víctimas violencia
"""
WORDS: Final = {"en": ENGLISH.split(), "es": SPANISH.split()}


def text(random: Random, length: int) -> dict[str, str]:
    """Return a text of `length` words in English and in Spanish."""
    return {
        language: " ".join(random.choices(words, k=length)).capitalize()
        for language, words in WORDS.items()
    }
