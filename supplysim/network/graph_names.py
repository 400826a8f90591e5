"""Names that people and programs write, in any case and spelling, and what they mean here."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from supplysim.evidence import table

# Other spellings of countries that the evidence has a region for: ISO 3166 alpha-3 codes and English names. Alpha-2 and
# numeric codes, and one name each, stand in countries.csv. Whatever is not here belongs to the rest of the world.
SPELLINGS = {
    "US": "USA; United States of America",
    "TW": "TWN; Taiwan, Province of China",
    "SG": "SGP",
    "MY": "MYS",
    "HK": "HKG; Hong Kong SAR; Hong Kong SAR China",
    "AE": "ARE; UAE",
    "VN": "VNM; Vietnam",
    "IN": "IND",
    "TH": "THA",
    "JP": "JPN",
    "KR": "KOR; Korea; Republic of Korea; Korea, Republic of; Korea (Republic of)",
    "OT": "ROW; Other; Rest of the world",
    "CN": "CHN; People's Republic of China; PRC; Mainland China; MO; MAC; Macao; Macau",
    "EU": "EUU; EU27; AT; AUT; Austria; BE; BEL; Belgium; BG; BGR; Bulgaria; HR; HRV; Croatia; CY; CYP; Cyprus;"
    "CZ; CZE; Czechia; Czech Republic; DK; DNK; Denmark; EE; EST; Estonia; FI; FIN; Finland; FR; FRA; France;"
    "DE; DEU; Germany; GR; GRC; EL; Greece; HU; HUN; Hungary; IE; IRL; Ireland; IT; ITA; Italy; LV; LVA; Latvia;"
    "LT; LTU; Lithuania; LU; LUX; Luxembourg; MT; MLT; Malta; NL; NLD; Netherlands; The Netherlands; PL; POL; Poland;"
    "PT; PRT; Portugal; RO; ROU; Romania; SK; SVK; Slovakia; SI; SVN; Slovenia; ES; ESP; Spain; SE; SWE; Sweden",
}


def plain(name: str) -> str:
    """Return a name without case, accents, spaces and marks: ``Buyer Class`` and ``buyer_class`` are one.

    Examples
    --------
    >>> plain("Buyer Class"), plain("buyer_class")
    ('buyerclass', 'buyerclass')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


@cache
def countries() -> dict[str, str]:
    """Return code of the evidence by plain spelling."""
    found: dict[str, str] = {}
    for row in table("countries"):
        for name in (row["code"], row["name"], *row["iso_numeric"].split(), *SPELLINGS.get(row["code"], "").split(";")):
            if plain(name):
                found[plain(name)] = row["code"]
    return found


@cache
def coded(name: str) -> dict[str, str]:
    """Return code by plain spelling of a table of the evidence: its codes and names."""
    return {plain(row[column]): row["code"] for row in table(name) for column in ("name", "code")}
