"""The words that head the columns of lists, in English, Ukrainian, Russian and French.

Ukrainian and Russian words: headings met in lists published by both sides' ombudsmen, headquarters and press, 2022 to
2025, with their usual abbreviations. French: the words of the ICRC's own forms. Each word stands once, spelt as met;
how it is compared (case, apostrophes, dots, spaces) is `heading_key`.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from safeconduct.registry.lookalikes import unmixed

FIELDS: Final = (
    "ref",
    "family_name",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "rank",
    "service_number",
    "unit",
    "category",
    "health",
    "captured_on",
    "captured_at",
    "held_at",
    "held_by",
    "home",
    "consent",
    "protected",
    "note",
)
"""The columns of a list, in the order in which the canonical form prints them."""

FULL_NAME: Final = "full_name"
"""One column with surname, given name and patronymic, in that order."""

NAME: Final = "name"
"""The bare word "name": a given name beside a surname column, a full name without one."""

ROW_NUMBER: Final = "row_number"
"""The running number of a row: the identifier of a list that has no other."""

REFUSAL: Final = "refusal"
"""A column that asks whether the person refuses: its "yes" is an unwilling consent."""

TO_NOTE: Final = ("birth_place", "call_sign", "missing_since")
"""Columns often met that no field holds; they are added to the note, under their own heading."""

ROUNDS_WAITED: Final = "rounds_waited"
"""A column of candidates' lists alone: in how many rounds the person was a candidate and not chosen."""

ACCEPTED: Final = (*FIELDS, FULL_NAME, *TO_NOTE, ROUNDS_WAITED)
"""What a column may be mapped to by hand."""

_WORDS: Final[dict[str, str]] = {
    "ref": "ref; id; identifier; reference; ідентифікатор; идентификатор; réf; référence; identifiant",
    ROW_NUMBER: "№; No.; number; № з/п; № п/п; № пп; номер; номер з/п; номер п/п; n°; numéro; n° d'ordre",
    "family_name": "family name; surname; last name; прізвище; фамилия; nom; nom de famille",
    "given_name": "given name; given names; first name; forename; ім'я; імя; имя; prénom; prénoms",
    NAME: "name",
    "patronymic": "patronymic; middle name; father's name; father; ім'я батька; имя отца;"
    " prénom du père; اسم الأب; по батькові; отчество; patronyme; nom patronymique;"
    " nom du père",
    FULL_NAME: "full name; name in full; ПІБ; ФИО; прізвище, ім'я, по батькові; прізвище, ім'я та по батькові;"
    " прізвище та ім'я; прізвище ім'я; фамилия, имя, отчество; фамилия, имя и отчество; фамилия и имя; фамилия имя;"
    " nom et prénom; nom et prénoms; nom, prénom; nom, prénoms; nom complet",
    "sex": "sex; gender; стать; пол; sexe",
    "birth_date": "birth date; date of birth; DOB; born; year of birth; дата народження; дата нар.; д.н.;"
    " рік народження; р.н.; народився; народилася; дата рождения; дата рожд.; д.р.; год рождения; г.р.; родился;"
    " родилась; date de naissance; né le; né(e) le; année de naissance",
    "birth_place": "birth place; place of birth; місце народження; место рождения; lieu de naissance",
    "rank": "rank; military rank; військове звання; в/звання; в/зв; звання; воинское звание; в/звание; звание; grade",
    "service_number": "service number; personal number; tag number; military number; особистий номер;"
    " особовий номер; номер жетона; жетон; личный номер; matricule; n° matricule; numéro matricule; numéro de service;"
    " numéro personnel",
    "unit": "unit; military unit; військова частина; в/ч; підрозділ; місце служби; воинская часть; войсковая часть;"
    " подразделение; место службы; unité; unité militaire",
    "call_sign": "call sign; nickname; позивний; позывной; indicatif",
    "category": "category; categories; status; категорія; статус; категория; catégorie; catégories; statut",
    "health": "health; condition; diagnosis; state of health; стан здоров'я; здоров'я; діагноз; поранення;"
    " состояние здоровья; здоровье; диагноз; ранение; santé; état de santé; diagnostic; blessure",
    "captured_on": "captured on; date of capture; capture date; дата полонення; дата потрапляння в полон;"
    " дата взяття в полон; дата захоплення; дата пленения; дата взятия в плен; дата захвата; date de capture;"
    " capturé le",
    "missing_since": "missing since; last contact; дата зникнення; зник безвісти з; останній зв'язок; дата пропажи;"
    " пропал без вести с; последняя связь; disparu depuis; porté disparu le",
    "captured_at": "captured at; place of capture; місце полонення; місце взяття в полон; місце зникнення;"
    " место пленения; место взятия в плен; lieu de capture",
    "held_at": "held at; place of detention; місце утримання; місце перебування; место содержания; место удержания;"
    " место нахождения; lieu de détention; lieu d'internement",
    "held_by": "held by; detaining party; detaining power; сторона, що утримує; утримується; удерживающая сторона;"
    " удерживается; détenu par; puissance détentrice",
    "home": "home; nationality; party; citizenship; home party; громадянство; країна; сторона; гражданство; страна;"
    " nationalité; pays; partie; puissance d'origine",
    "consent": "consent; wish; згода; бажання; согласие; желание; consentement; souhait",
    REFUSAL: "refuses; refusal; відмова; відмовляється; отказ; отказывается; refus; refuse",
    "protected": "protected; захищений; під захистом; не підлягає обміну; защищен; под защитой; не подлежит обмену;"
    " protégé",
    ROUNDS_WAITED: "rounds waited",
    "note": "note; notes; remarks; remark; comment; примітка; примітки; примечание; примечания; remarque; remarques;"
    " observations",
}

_APOSTROPHE_LETTER = "\u02bc"  # to Unicode a letter; the other apostrophes are signs
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def heading_key(heading: str) -> str:
    """What two spellings of one heading share: letters and digits alone, in small letters, without accents.

    So П.І.Б. is ПІБ, ім’я is ім'я is імя, по-батькові is по батькові, № is No; what stands in brackets is a remark.
    """
    bare = _IN_BRACKETS.sub(" ", heading)
    letters = unicodedata.normalize("NFKD", (bare if bare.strip() else heading).casefold())
    return "".join(letter for letter in letters if letter.isalnum() and letter != _APOSTROPHE_LETTER).casefold()


@cache
def _fields_by_key() -> dict[str, str]:
    fields = {heading_key(word): field for field, words in _WORDS.items() for word in words.split(";")}
    fields.update((heading_key(field), field) for field in ACCEPTED)
    return fields


def field_of_heading(heading: str) -> str | None:
    """The field that a heading usually names (also FULL_NAME, NAME, ROW_NUMBER, REFUSAL, TO_NOTE), or None.

    Look-alike letters of another script, as in П.I.Б. with a Latin I, make no difference.
    """
    key = heading_key(heading)
    return _fields_by_key().get(key) or _fields_by_key().get(unmixed(key))
