"""The words that lists use for sex, category, consent, yes and no, months and parties, in four languages.

Sources: the parties' published lists and statements, 2022 to 2025; for categories the terms of the Third Geneva
Convention as both sides translate them. Words wider than an agreed category (wounded, under 25) stand in
`NOT_A_CATEGORY` with the question to ask: a list reader must not decide them.
"""

from typing import Final

SEXES: Final = {
    "M": "m; male; man; ч; чол; чоловік; чоловіча; чоловічий; м; муж; мужчина; мужской; h; homme; masculin; masc",
    "F": "f; female; woman; ж; жін; жінка; жіноча; жіночий; жен; женщина; женский; femme; féminin; fém",
    "X": "x; х; other; інше; иное; autre",
}
"""Ukrainian ч and Russian м are male; ж is female in both. X is also met as the Cyrillic letter."""

CATEGORIES: Final = {
    "prisoner-of-war": "prisoner of war; POW; prisoner; військовополонений; військовополонена; полонений; полонена;"
    " ВП; военнопленный; военнопленная; пленный; пленная; prisonnier de guerre; prisonnière de guerre; PG",
    "civilian": "civilian; цивільний; цивільна; цивільна особа; цивільний заручник; цивільна заручниця; гражданский;"
    " гражданская; гражданское лицо; мирный житель; удерживаемое лицо; civil; civile",
    "seriously-wounded-or-sick": "seriously wounded or sick; severely wounded; seriously wounded; seriously ill;"
    " seriously sick; severely ill; тяжкопоранений; тяжкопоранена; важкопоранений; важкопоранена; тяжко поранений;"
    " важко поранений; тяжкохворий; тяжкохвора; важкохворий; важкохвора; тяжко хворий; важко хворий; тяжелораненый;"
    " тяжелораненая; тяжело раненный; тяжело раненый; тяжелобольной; тяжелобольная; тяжело больной; grand blessé;"
    " grand malade; grièvement blessé; gravement malade",
    "medical-personnel": "medical personnel; medic; медичний персонал; військовий медик; медик;"
    " медицинский персонал; военный медик; personnel sanitaire; personnel médical",
    "religious-personnel": "religious personnel; chaplain; капелан; військовий капелан; релігійний персонал;"
    " капеллан; военный священник; религиозный персонал; personnel religieux; aumônier",
    "remains": "remains; body; тіло; останки; загиблий; загибла; репатріація; тело; погибший; погибшая; груз 200;"
    " corps; dépouille",
}

NOT_A_CATEGORY: Final = {
    "wounded; wounded and ill; wounded and sick; поранений; поранена; поранені і важкохворі; раненый; раненая;"
    " раненые и больные; blessé; blessée": (
        "ask whether the person is seriously wounded or sick: the word is wider than the agreed category"
    ),
    "under 25; 18 to 25; young; молодші 25 років; молодь; від 18 до 25 років; младше 25 лет; молодежь; до 25 лет;"
    " moins de 25 ans": "leave it out: age is computed from birth_date",
    "captivity confirmed; captivity confirmed by the ICRC; missing in special circumstances; підтверджений МКЧХ;"
    " підтверджений полон; підтверджений;"
    " подтвержден МККК; подтвержден; missing; зниклий безвісти за особливих обставин; безвісти зниклий;"
    " зниклий безвісти; БЗ; пропавший без вести; БВП; being sought; пошук особи; у розшуку; розыск; разыскивается;"
    " released; exchanged; звільнений; обміняний; освобожден; обменян; возвращен": (
        "put it into the note: it says what is known of the person, not the category"
    ),
}
"""Words that stand in category columns and must not be read as a category, with how to mend them."""

CONSENTS: Final = {
    "willing": "willing; yes; y; agrees; так; згоден; згодна; згода; бажає; да; согласен; согласна; согласие;"
    " желает; oui; consent; consentant; consentante",
    "unwilling": "unwilling; no; n; refuses; refused; ні; відмова; відмовляється; відмовився; відмовилася;"
    " не згоден; не згодна; не бажає; нет; отказ; отказывается; отказался; отказалась; не согласен; не согласна;"
    " не желает; non; refus; refuse",
    "unknown": "unknown; not known; not asked; невідомо; не опитаний; не опитана; неизвестно; не опрошен;"
    " не опрошена; inconnu; ?; -; –; —",
}

YES: Final = "yes; y; true; 1; +; так; да; oui"
NO: Final = "no; n; false; 0; -; –; —; ні; нет; non"

MONTHS: Final = (
    "january jan січня січень января январь janvier",
    "february feb лютого лютий февраля февраль février",
    "march mar березня березень марта март mars",
    "april apr квітня квітень апреля апрель avril",
    "may травня травень мая май mai",
    "june jun червня червень июня июнь juin",
    "july jul липня липень июля июль juillet",
    "august aug серпня серпень августа август août",
    "september sep sept вересня вересень сентября сентябрь septembre",
    "october oct жовтня жовтень октября октябрь octobre",
    "november nov листопада листопад ноября ноябрь novembre",
    "december dec грудня грудень декабря декабрь décembre",
)

PARTIES: Final = {
    "UA": "UA; UKR; Ukraine; Україна; України; Украина; Украины; громадянин України; гражданин Украины; українське;"
    " украинское",
    "RU": "RU; RUS; Russia; Russian Federation; РФ; Росія; Росії; Російська Федерація; Россия; России;"
    " Российская Федерация; громадянин РФ; гражданин РФ; російське; российское; Russie; Fédération de Russie",
}
"""Country words that stand for a party identifier (ISO 3166); any other text is taken as an identifier as it stands."""

TOTALS: Final = (
    "total; totals; in total; sum; всього; усього; разом; загалом; підсумок; итого; всего; вместе; au total; totaux"
)
"""First words of a row that counts the rows above it."""

COUNTED: Final = (
    "person; persons; people; men; women; осіб; особи; особа; чол; чоловік; людей; лиц; чел; человек; человека;"
    " personnes; personne"
)
"""What stands beside the number of such a row."""

SECTIONS: Final = (
    "brigade; battalion; regiment; company; platoon; unit; oblast; region; camp; page; list; annex; continued;"
    " бригада; бригади; батальйон; батальйону; полк; полку; рота; роти; взвод; загін; в/ч; військова; частина;"
    " підрозділ; область; області; район; колонія; СІЗО; табір; сторінка; список; додаток; продовження;"
    " військовослужбовці; військовополонені; цивільні; офіцери; сержанти; солдати; матроси; жінки; чоловіки;"
    " поранені; тяжкопоранені; хворі;"
    " бригады; батальон; батальона; полка; роты; взвода; отряд; воинская; войсковая; часть; подразделение; области;"
    " колония; лагерь; страница; приложение; продолжение; военнослужащие; военнопленные; гражданские; офицеры;"
    " сержанты; солдаты; матросы; женщины; мужчины; раненые; тяжелораненые; больные;"
    " régiment; bataillon; compagnie; section; unité; région; liste; annexe; suite; militaires; civils; blessés"
)
"""Words of titles between the rows of a list, which no name is made of."""
