"""Surnames for large populations: the common ones, and a long tail of rare ones made of stems, syllables and suffixes.

Most bearers in a country have a rare surname; a pool of a few hundred or thousand would make strangers into namesakes,
and a rare name into weak evidence. Combined names may well be somebody's; no invented person is.
"""

from random import Random

from safeconduct.sim.names import SURNAMES_RUSSIAN, SURNAMES_UKRAINIAN

_UKRAINIAN_STEMS = """
Бондар Коваль Гончар Ткач Лимар Дегтяр Стельмах Сторож Писар Козак Гайдук Циган Чумак Мазур Поляк Литвин Волошин
Скляр Шинкар Пасічник Рибак Чабан Вівчар Лісник Дзвонар Паламар Пономар Кобзар Музик Скрипник Сокол Орел Горобець
Журавель Ворон Дрозд Зуб Кожух Сак Рогоз Верес Барвін Терен Явор Клен Дуб Береза Вишняк Грушк Слив Горох Квасол
Пшон Буряк Хмел Мороз Завірюх Зим Літ Неділ Субот Середн Вовк Лис Заєць Борсук Тхор Кіт Баран Цап Бик Віл Жеребець
Кобил Гнатів Юрк Стецьк Васил Грицьк Андрус Яцен Панас Дорош Овсій Мусій Лукаш Матвій Герасим Онопр Єлис Ярем Юхим
Свирид Кузьм Дем'ян Нестер Омелян Охрим Пархом Родіон Савк Тит Улас Фесен Хвед Цимбал Шульг Щур Яроц Ґонт
"""
_UKRAINIAN_SUFFIXES = ("енко", "ук", "ик", "ків", "ович", "ишин", "івський", "ель", "ура", "ій", "уха", "ань")
_UKRAINIAN_FIRST = "Біло Чорно Сухо Криво Рябо Голо Довго Товсто Мало Старо Сиво Красно"
_UKRAINIAN_SECOND = "ус ніс шапка штан рук конь борода зуб губ пил хліб мор дід баба вода воля бриж"

_RUSSIAN_STEMS = """
Балакир Батур Бердн Бочкар Булав Бурлак Бык Варенц Вереск Воевод Вьюг Гвоздик Глух Горел Грош Гудк Девятк Долматов
Дорох Дубин Дьяк Ерш Жереб Жигул Зимин Зуд Игнатьев Кадочник Калуг Каменц Кацап Клевц Клюшник Кобылк Козыр Колод Копыт
Корзун Костыл Кочерг Кулаг Кур Лагут Лаптев Лис Ложк Лопат Лук Лунк Лямк Мамонт Масленник Мельник Мешк Мох Мясник
Неклюд Непомн Новосёл Обух Овчар Огород Окул Ореш Осокин Паклин Паршик Перфил Печник Пирож Плющ Погост Подкорыт Полосух
Порош Пустовал Пушкар Ратник Репник Рогач Рожк Рудак Рукав Рыльск Савостьян Садовник Селиван Сироткин Скобл Смолян
Солод Сопл Старик Сторож Стрел Сусл Сухар Сычёв Тарабар Телег Толмач Топор Трапезник Туголук Тюрин Уразов Ухват Фунтик
Халтур Хлебник Ховрин Хомут Храмц Целовальник Чеботарь Чекмар Черепан Чистяк Чугун Шабалин Шапк Шерстоб Шипул Шорник
Щегол Щипач Юрк Языков Ямщик Ярыгин
"""
_RUSSIAN_SUFFIXES = ("ов", "ин", "ев", "енков", "овский", "аев", "уев", "ышев", "яков")
_RUSSIAN_FIRST = "Бело Черно Криво Сухо Пусто Мало Старо Ново Добро Кругло Остро Красно"
_RUSSIAN_SECOND = "усов носов бородов рукавов горов польский мыслов глазов зубов щёков хвостов ногов пёров"


def _tail(stems: str, suffixes: tuple[str, ...], first: str, second: str) -> tuple[str, ...]:
    names = [
        stem.rstrip("ьй") + suffix
        for suffix in suffixes
        for stem in stems.split()
        if not stem.endswith(("ов", "ин", "ев"))
    ]
    names += [one + other for one in first.split() for other in second.split()]
    return tuple(dict.fromkeys(names))


# Syllables of which stems are built that mean nothing: some 2,400 stems, and each with every suffix.
_FIRST = """
Бал Бар Бер Бов Бур Вал Вар Вед Вол Гал Гор Груд Дан Дер Дов Дул Жад Жол Зав Зал Кал Кар Кер Кол Кор Куш Лаг Лев Луц Май
Мал Мир Мос Мур Нах Нес Обл Пал Пер Пол Рад Реп Руд Сав Сер Сол Стец Тар Тер Тур Фар Ход Хар Цар Чал Чер Шал Шев Шум
Щед Юх Яв
"""
_SECOND = """
аб ак ал ан ар ас ат ах ед ел ем ен ер ес ид ик ил ин ир ис об ог од ок ол он ор от уб уд уж ук ул ун ур ут иш ищ юк яр
"""


_TAIL_UKRAINIAN = _tail(_UKRAINIAN_STEMS, _UKRAINIAN_SUFFIXES, _UKRAINIAN_FIRST, _UKRAINIAN_SECOND)
_TAIL_RUSSIAN = _tail(_RUSSIAN_STEMS, _RUSSIAN_SUFFIXES, _RUSSIAN_FIRST, _RUSSIAN_SECOND)


def draw_ukrainian(random: Random) -> str:
    """A Ukrainian surname of a man."""
    return _draw(random, SURNAMES_UKRAINIAN, _TAIL_UKRAINIAN, _UKRAINIAN_SUFFIXES)


def draw_russian(random: Random) -> str:
    """A Russian surname of a man."""
    return _draw(random, SURNAMES_RUSSIAN, _TAIL_RUSSIAN, _RUSSIAN_SUFFIXES)


def _draw(random: Random, common: tuple[str, ...], tail: tuple[str, ...], suffixes: tuple[str, ...]) -> str:
    drawn = random.random()
    if drawn < 0.4:
        return common[int(len(common) * random.random() ** 1.3)]
    if drawn < 0.6:
        return tail[int(len(tail) * random.random())]
    return random.choice(_FIRST.split()) + random.choice(_SECOND.split()) + random.choice(suffixes)
