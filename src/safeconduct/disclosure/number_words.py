"""Numbers spelled out, in the languages that communiqués are written in: English, French, Russian and Ukrainian.

Cardinals in every case, collectives ("dozen", "двое"), tens to millions, and ordinals from the third on. Left alone on
purpose: "first" and "second", the French article "un, une", the Russian "семью" (which is mostly "family"), Roman
numerals, and plain "pair" or "both": too many innocent sentences hold them.
"""

import re

_ENGLISH = r"""
    zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve
    | (?:thir|four|fif|six|seven|eigh|nine)teen(?:th)?
    | (?:twen|thir|for|fif|six|seven|eigh|nine)t(?:y|ies|ieth)
    | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh | twelfth
    | (?:hundred|thousand|million)(?:s|th)? | dozens? | scores? | half
"""

_FRENCH = r"""
    zéro | deux | trois | quatre | cinq | six | sept | huit | neuf | dix | onze | douze | treize | quatorze | quinze
    | seize | vingts? | trente | quarante | cinquante | soixante | septante | huitante | nonante | cents? | mille
    | milliers? | millions? | (?:diz|douz|quinz|vingt|trent|quarant|cinquant|soixant|cent)aines? | moitié
    | (?:deux|trois|quatr|cinqu|six|sept|huit|neuv|dix|onz|douz|treiz|quatorz|quinz|seiz|vingt|trent|cent|mill)ièmes?
"""

_RUSSIAN = r"""
    н[оу]л(?:ь|я|ю|ем|е) | одн(?:а|о|и|ого|ой|ому|им|ою|у|ом|их|ими) | один
    | два | две | двух | двум | двумя | дво(?:е|их|им|ими)
    | три | трех | трем | тремя | тро(?:е|их|им|ими)
    | четыр(?:е|ех|ем|ьмя) | четвер(?:о|ых|ым|ыми)
    | (?:пят|шест|восем|девят|десят)ь(?:ю)? | семь | вос[ье]мь?ю
    | (?:пят|шест|сем|восьм|девят|десят)(?:и|ер(?:о|ых|ым|ыми))
    | десят(?:ок|к(?:а|у|ом|е|и|ов|ам|ами|ах))
    | (?:оди|две|три|четыр|пят|шест|сем|восем|девят)надцат\w*
    | (?:два|три)дцат\w* | сорока? | (?:пят|шест|сем|вос[еь]м)[ьи]десят\w* | девяност\w*
    | сто | ста | сот(?:ен|н\w+)? | двести | триста | четыреста
    | (?:двух|трех|четырех|пят[ьи]|шест[ьи]|сем[ьи]|вос[еь]м[ьи]|девят[ьи])с(?:от|там|тами|тах)
    | (?:двум|трем|четырем)стам | (?:двумя|тремя|четырьмя|(?:пят|шест|сем|вос[еь]м|девят)ью)стами
    | тысяч\w* | миллион\w* | полтор\w* | половин\w*
    | трет(?:ий|ья|ье|ьего|ьей|ьему|ьим|ьем|ью|ьи|ьих)
    | (?:четверт|пят|шест|седьм|восьм|девят|десят)(?:ый|ой|ая|ое|ого|ому|ым|ом|ую|ые|ых)
"""

_UKRAINIAN = r"""
    нул(?:ь|я|ю|ем|і) | одн(?:а|е|і|ого|ій|ому|им|ою|у|их|ими) | один
    | два | дві | двох | двом | двома | дво(?:є|їх)
    | три | трьох | трьом | трьома | тро(?:є|їх)
    | чотир(?:и|ьох|ьом|ма) | четвер(?:о|ох|ом)
    | (?:п'ят|шіст|дев'ят|десят)ь(?:ма|ох|ом)? | (?:п'ят|шест|дев'ят|десят)(?:и|еро|ьох|ьом|ьма)
    | шістьох | шістьом | сім | семи | сімох | сімом | сьома | семеро
    | вісім | восьми | вісьмох | вісьмом | вісьма | вісьмома | восьмеро
    | десят(?:ок|к(?:а|у|ом|и|ів|ам|ами|ах))
    | (?:оди|два|три|чотир|п'ят|шіст|сім|вісім|дев'ят)надцят\w*
    | (?:два|три)дцят\w* | сорока? | (?:п'ят|шіст|сім|вісім)десят\w* | дев'яност\w*
    | сто | ста | сот(?:ень|н\w+)? | двісті | триста | чотириста
    | (?:двох|трьох|чотирьох|п'ят[и]?|шіст|шести|сім|семи|вісім|восьми|дев'ят[и]?)с(?:от|там|тами|тах)
    | тисяч\w* | мільйон\w* | півтор\w* | половин\w*
    | трет(?:ій|я|є|ього|ьої|ьому|ім|ю|і|іх)
    | (?:четверт|п'ят|шост|сьом|восьм|дев'ят|десят)(?:ий|а|е|ого|ої|ому|им|ій|у|і|их)
"""

_NUMBER = re.compile(f"{_ENGLISH}|{_FRENCH}|{_RUSSIAN}|{_UKRAINIAN}", re.VERBOSE)
_AND = ("and", "et", "и", "і", "й", "та")
_LONGEST = 24
"""Letters of one number word at most."""


def is_number(word: str) -> bool:
    """Whether a word in small letters (apostrophes straight, ё as е) spells a number, part of one, or several run
    together ("onehundredandnine")."""
    return _NUMBER.fullmatch(word) is not None or _run_together(word)


def _run_together(word: str) -> bool:
    begins = [True, *(False for _ in word)]  # at each place, whether a number word may begin or the last one ended
    for start in range(len(word)):
        if not begins[start]:
            continue
        for end in range(start + 2, min(start + _LONGEST, len(word)) + 1):
            if _NUMBER.fullmatch(word, start, end):
                begins[end] = True
                for link in _AND:
                    if word.startswith(link, end):
                        begins[end + len(link)] |= end + len(link) < len(word)
    return begins[-1]
