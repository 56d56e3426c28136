"""Names of Belarusian, Tatar, Caucasian, Central Asian and Arab kinds, for invented persons: no row of it is anybody.

Belarusian names stand beside their Russian forms, since no rule leads from the one to the other. Names of the Caucasus
and of Turkic peoples stand in Russian, as their bearers' papers have them, with the forms of their own Latin alphabets
and of the press. Arab names stand in Arabic, in Russian, and in the Latin forms in use.
"""

from typing import NamedTuple

from safeconduct.sim.names import MEN, WOMEN, feminine_russian
from safeconduct.sim.respelling import russian_into_ukrainian


class Spelt(NamedTuple):
    """One name as several languages write it; empty where a clerk must respell it from the form of the home country."""

    ukrainian: str = ""
    russian: str = ""
    belarusian: str = ""
    latin: tuple[str, ...] = ()
    """Forms in use that no scheme gives."""
    arabic: str = ""


class ForeignGiven(NamedTuple):
    """A given name with the patronymics of a man's name: of a son, of a daughter."""

    name: Spelt
    patronymics: tuple[Spelt, Spelt] = (Spelt(), Spelt())


_BELARUSIAN_MEN = """
Аляксандр|Александр|Аляксандравіч,Аляксандраўна
Сяргей|Сергей|Сяргеевіч,Сяргееўна
Андрэй|Андрей|Андрэевіч,Андрэеўна
Уладзімір|Владимир|Уладзіміравіч,Уладзіміраўна
Мікалай|Николай|Мікалаевіч,Мікалаеўна
Дзмітрый|Дмитрий|Дзмітрыевіч,Дзмітрыеўна
Аляксей|Алексей|Аляксеевіч,Аляксееўна
Іван|Иван|Іванавіч,Іванаўна
Міхаіл|Михаил|Міхайлавіч,Міхайлаўна
Яўген|Евгений|Яўгеньевіч,Яўгеньеўна
Юрый|Юрий|Юр'евіч,Юр'еўна
Віктар|Виктор|Віктаравіч,Віктараўна
Васіль|Василий|Васільевіч,Васільеўна
Ігар|Игорь|Ігаравіч,Ігараўна
Павел|Павел|Паўлавіч,Паўлаўна
Анатоль|Анатолий|Анатольевіч,Анатольеўна
Пётр|Пётр|Пятровіч,Пятроўна
Рыгор|Григорий|Рыгоравіч,Рыгораўна
Генадзь|Геннадий|Генадзьевіч,Генадзьеўна
Ілья|Илья|Ільіч,Ільінічна
Кірыл|Кирилл|Кірылавіч,Кірылаўна
Мікіта|Никита|Мікітавіч,Мікітаўна
Фёдар|Фёдор|Фёдаравіч,Фёдараўна
"""
_BELARUSIAN_WOMEN = """
Алена|Елена
Наталля|Наталья
Таццяна|Татьяна
Ірына|Ирина
Святлана|Светлана
Юлія|Юлия
Кацярына|Екатерина
Марыя|Мария
Вольга|Ольга
Анастасія|Анастасия
"""
_BELARUSIAN_SURNAMES = """
Казлоў|Козлов Навіцкі|Новицкий Каваленка|Коваленко Бандарэнка|Бондаренко Шпакоўскі|Шпаковский Карповіч|Карпович
Грыгаровіч|Григорович Мацкевіч|Мацкевич Пятровіч|Петрович Васілеўскі|Василевский Сцяпанаў|Степанов Зайцаў|Зайцев
Раманоўскі|Романовский Лявончык|Леончик Жук|Жук Кот|Кот Шавель|Шавель Бярозка|Берёзка Дубоўскі|Дубовский Арлоў|Орлов
Марозаў|Морозов Якубовіч|Якубович Кісялёў|Киселёв Савіцкі|Савицкий Ганчароў|Гончаров Сідарэнка|Сидоренко
Цімашэнка|Тимошенко Дземчанка|Демченко Ярмоленка|Ермоленко Міхалевіч|Михалевич Гурыновіч|Гуринович
Чарняўскі|Чернявский Круглік|Круглик Цыбулька|Цыбулько Кулеш|Кулеш Бурак|Бурак Драздоў|Дроздов Сямёнаў|Семёнов
Юшкевіч|Юшкевич Станкевіч|Станкевич Хадкевіч|Ходкевич Вярбіцкі|Вербицкий Жданаў|Жданов Клімовіч|Климович
Лазоўскі|Лозовский Мельнікаў|Мельников Пракаповіч|Прокопович Рудніцкі|Рудницкий Трафімаў|Трофимов Дзям'янаў|Демьянов
Вераб'ёў|Воробьёв Салаўёў|Соловьёв Пяткевіч|Петкевич Сямашка|Семашко Багдановіч|Богданович Лісоўскі|Лисовский
Бялоў|Белов Яфімаў|Ефимов Астапенка|Остапенко Аўдзееў|Авдеев Грынкевіч|Гринкевич Дайнека|Дейнеко Жылінскі|Жилинский
"""
# Russian|forms in their own Latin alphabets and in the press.
_FOREIGN_MEN = """
Магомед|Magomed Muhammad Mohammed
Ахмед|Ahmed Akhmed Əhməd
Рамазан|Ramazan Ramadan
Ислам|Islam İslam
Хасан|Hasan Khasan Hassan
Хусейн|Huseyn Hussein Hüseyn
Али|Ali Əli
Ибрагим|Ibrahim Ibragim İbrahim
Мурад|Murad Murat
Тимур|Timur Temur
Рустам|Rustam Rustem Rüstəm
Ильдар|Ildar İldar
Марат|Marat
Айрат|Ayrat Airat
Азат|Azat Azad
Бахтияр|Bakhtiyar Baxtiyor Bəxtiyar
Шамиль|Shamil Şamil Chamil
Юсуф|Yusuf Yusif Youssouf
Умар|Umar Omar
Аслан|Aslan
Зелимхан|Zelimkhan Zelimxan
Рашид|Rashid Rəşid Rachid
Фарид|Farid Fərid Ferid
Эльдар|Eldar Eldor
Джамал|Jamal Camal Djamal
Нурлан|Nurlan
Ержан|Yerzhan Erjan Erzhan
Улугбек|Ulugbek Ulug'bek
Шерзод|Sherzod Sherzad
Армен|Armen
Тигран|Tigran Dikran
Гагик|Gagik
Заур|Zaur
Эльхан|Elkhan Elxan Elhan
Вугар|Vuqar Vugar
Чингиз|Chingiz Çingiz Tchinguiz
Баир|Bair
Гиви|Givi
Вахтанг|Vakhtang Vaxtang
Зураб|Zurab Zourab
"""
_FOREIGN_WOMEN = """
Айгуль|Aygul Aigul Aygül
Лейла|Leyla Leila Layla
Фатима|Fatima Fatma
Зухра|Zukhra Zuhra Zöhrə
Амина|Amina Aminə
Гульнара|Gulnara Gülnarə
Мадина|Madina Mədinə
"""
_FOREIGN_SURNAMES = """
Магомедов|Magomedov Məhəmmədov
Алиев|Aliyev Əliyev
Гасанов|Hasanov Həsənov
Мамедов|Mammadov Məmmədov
Исмаилов|Ismayilov İsmayılov
Ибрагимов|Ibrahimov İbrahimov
Каримов|Karimov Kərimov
Рахимов|Rahimov Rəhimov
Юсупов|Yusupov Yusubov
Ахметов|Akhmetov Ahmetov
Хабибуллин|Khabibullin Xabibullin
Гарипов|Garipov
Шарипов|Sharipov Şaripov
Дзагоев|Dzagoev Dzagoyev
Кулиев|Guliyev Quliyev
Джафаров|Jafarov Cəfərov
Хачатурян|Khachatryan Khatchatourian
Саркисян|Sargsyan Sarkissian
Петросян|Petrosyan Petrossian
Григорян|Grigoryan Krikorian
Гогоберидзе|Gogoberidze
Ломидзе|Lomidze
Джапаридзе|Japaridze Djaparidze
Цыренов|Tsyrenov
Доржиев|Dorzhiev Dorjiev
Абдуллаев|Abdullayev Abdullaev
Султанов|Sultanov Soltanov
Жумабаев|Zhumabayev Jumabayev
Турсунов|Tursunov
Бекмурзаев|Bekmurzaev Bekmurzayev
Халилов|Khalilov Xəlilov
Меджидов|Majidov Məcidov
Ислямов|Islamov Islâmov
Куртсеитов|Kurtseitov Qurtseitov
Хайруллин|Khayrullin Xäyrullin
Гайнутдинов|Gaynutdinov Ğaynetdinov
Мусаев|Musayev Mussaev
Шахбазов|Shahbazov Şahbazov
Оганесян|Hovhannisyan Oganesian
Чхеидзе|Chkheidze Tchkheidze
Алимжанов|Alimzhanov Alimjanov
Эргашев|Ergashev Ergaschew
"""
_GIVE_SURNAMES = """
Ахмед Рамазан Ислам Хасан Мурад Рустам Ильдар Марат Айрат Азат Юсуф Умар Аслан Зелимхан Рашид Фарид Эльдар Джамал Нурлан
Улугбек Шерзод Заур Эльхан Вугар Чингиз Баир
"""
# Russian|Arabic|Latin forms in use.
_ARAB_MEN = """
Мухаммад|محمد|Muhammad Mohammed Mohamed
Ахмад|أحمد|Ahmad Ahmed
Али|علي|Ali Aly
Хасан|حسن|Hasan Hassan
Хусейн|حسين|Husayn Hussein Houcine
Юсуф|يوسف|Yusuf Youssef Yousef
Ибрахим|إبراهيم|Ibrahim Ebrahim Brahim
Халид|خالد|Khalid Khaled
Умар|عمر|Umar Omar
Махмуд|محمود|Mahmud Mahmoud
Абдулла|عبدالله|Abdullah Abdallah
Саид|سعيد|Said Saeed
Мустафа|مصطفى|Mustafa Moustafa
Карим|كريم|Karim Kareem
Тарик|طارق|Tariq Tarek
Самир|سمير|Samir Sameer
Рами|رامي|Rami Ramy
Валид|وليد|Walid Waleed Oualid
Фейсал|فيصل|Faysal Faisal
Наджи|ناجي|Naji Nagy Nadji
"""
_ARAB_SURNAMES = """
Аль-Масри|المصري|al-Masri Elmasry
Хаддад|حداد|Haddad
Хури|خوري|Khuri Khoury
Наджар|نجار|Najjar Naggar
Аль-Ахмад|الأحمد|al-Ahmad Alahmad
Дарвиш|درويش|Darwish Darwiche
Мансур|منصور|Mansur Mansour
Салех|صالح|Salih Saleh
Хамдан|حمدان|Hamdan
Аль-Халаби|الحلبي|al-Halabi Halaby
Шахин|شاهين|Shahin Chahine
Насер|ناصر|Nasir Nasser
Сулейман|سليمان|Sulayman Soliman Suleiman
Юнис|يونس|Yunus Younes
Баракат|بركات|Barakat
Касим|قاسم|Qasim Kassem
Джабер|جابر|Jabir Gaber Jaber
Фарах|فرح|Farah
"""


def _lines(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.split("\n") if line]


def _belarusian_men() -> tuple[ForeignGiven, ...]:
    by_russian = {name.russian: name for name in MEN}
    names = []
    for belarusian, russian, patronymics in _lines(_BELARUSIAN_MEN):
        common = by_russian[russian]
        rows = zip(common.patronymics_ukrainian, common.patronymics_russian, patronymics.split(","), strict=True)
        son, daughter = (Spelt(*row) for row in rows)
        names.append(ForeignGiven(Spelt(common.ukrainian, russian, belarusian), (son, daughter)))
    return tuple(names)


def _belarusian_women() -> tuple[ForeignGiven, ...]:
    by_russian = {name.russian: name.ukrainian for name in WOMEN}
    return tuple(ForeignGiven(Spelt(by_russian[ru], ru, be)) for be, ru in _lines(_BELARUSIAN_WOMEN))


def _patronymics(russian: str) -> tuple[Spelt, Spelt]:
    """Of a son and of a daughter, by the rule of each language."""
    stem = russian.rstrip("аьй")
    soft = russian.endswith(("ь", "й", "и"))
    ukrainian = russian_into_ukrainian(russian.rstrip("а"), by_the_book=True).removesuffix("й")
    vowel = ukrainian.endswith(("а", "е", "и", "і", "у"))
    son = ukrainian + ("йович" if vowel else "ович")
    daughter = ukrainian.removesuffix("ь") + ("ївна" if vowel else "івна")
    return Spelt(son, stem + ("евич" if soft else "ович")), Spelt(daughter, stem + ("евна" if soft else "овна"))


def _foreign(table: str, *, men: bool) -> tuple[ForeignGiven, ...]:
    names = []
    for russian, latin in _lines(table):
        spelt = Spelt(russian_into_ukrainian(russian, by_the_book=True), russian, "", tuple(latin.split()))
        names.append(ForeignGiven(spelt, _patronymics(russian)) if men else ForeignGiven(spelt))
    return tuple(names)


def _named_after(given: Spelt) -> Spelt:
    """The surname of a family named after a forefather: Рамазанов, Ramazanov."""
    return Spelt("", given.russian + "ов", "", tuple(form + "ov" for form in given.latin))


def _arab(table: str) -> tuple[Spelt, ...]:
    return tuple(Spelt("", russian, "", tuple(latin.split()), arabic) for russian, arabic, latin in _lines(table))


BELARUSIAN_MEN = _belarusian_men()
BELARUSIAN_WOMEN = _belarusian_women()
BELARUSIAN_SURNAMES = tuple(
    Spelt(russian=russian, belarusian=belarusian)
    for belarusian, russian in (pair.split("|") for pair in _BELARUSIAN_SURNAMES.split())
)
FOREIGN_MEN = _foreign(_FOREIGN_MEN, men=True)
FOREIGN_WOMEN = _foreign(_FOREIGN_WOMEN, men=False)
FOREIGN_SURNAMES = tuple(
    Spelt("", russian, "", tuple(latin.split())) for russian, latin in _lines(_FOREIGN_SURNAMES)
) + tuple(_named_after(given.name) for given in FOREIGN_MEN if given.name.russian in _GIVE_SURNAMES.split())
# An Arab's second name is the father's given name, unchanged.
ARAB_MEN = tuple(ForeignGiven(name, (name, name)) for name in _arab(_ARAB_MEN))
ARAB_SURNAMES = _arab(_ARAB_SURNAMES)


def feminine(surname: Spelt) -> Spelt:
    """The feminine form of a surname of this module."""
    latin = tuple(form + "a" if form.endswith(("ov", "ev", "in")) else form for form in surname.latin)
    return Spelt("", feminine_russian(surname.russian), _feminine_belarusian(surname.belarusian), latin, surname.arabic)


def _feminine_belarusian(surname: str) -> str:
    if surname.endswith(("скі", "цкі")):
        return surname[:-1] + "ая"
    return surname[:-1] + "ва" if surname.endswith(("оў", "аў", "ёў", "еў")) else surname
