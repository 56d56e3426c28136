"""Armenian names, in Armenian letters and as others spell them.

The key follows eastern Armenian (ISO 9985, BGN/PCGN 1981), from which Russian spellings come; the given names list the
western forms, too, in which voiced and voiceless letters change places (Տիգրան: Tigran, Dikran).
"""

from typing import Final

from safeconduct.registry.names.family import Family, Given

_LETTERS: Final = str.maketrans(
    {
        **dict(zip("աբգդեզէըթիլխկհմյնշոպռսվտրփքօֆ", "abhdeseetilhkhminwoprsvtrpkof", strict=True)),
        "ժ": "w",
        "ծ": "z",
        "ձ": "ds",
        "ղ": "h",
        "ճ": "c",
        "չ": "c",
        "ջ": "dw",
        "ց": "z",
        "ւ": "v",
        "և": "ev",
    }
)


def read(word: str) -> tuple[str, ...]:
    """A word in Armenian letters in the letters of the key."""
    return (word.replace("ու", "u").replace("եւ", "և").translate(_LETTERS),)


MEN: Final = (
    Given("Ара Արա"),
    Given("Арам Արամ"),
    Given("Арарат Արարատ"),
    Given("Армен Արմեն"),
    Given("Артак Արտակ"),
    Given("Артавазд Արտավազդ"),
    Given("Аршак Արշակ"),
    Given("Ашот Աշոտ Achod Ashod"),
    Given("Ваагн Վահագն Vahagn Ваган Վահան Vahan"),
    Given("Ваге Վահե Vahe"),
    Given("Вазген Վազգեն Vasken"),
    Given("Вардан Վարդան Vartan"),
    Given("Гагик Գագիկ Kakig Gagig"),
    Given("Гарегин Գարեգին Karekin", familiar="Гарик"),
    Given("Геворг Գևորգ Գեւորգ Kevork Gevorg Кеворк Геворк", familiar="Жора"),
    Given("Грант Հրանտ Hrant Hrand"),
    Given("Грачья Հրաչյա Hrachya Рачья", familiar="Грачик Рачик"),
    Given("Карапет Կարապետ Garabed Karabet"),
    Given("Карен Կարեն"),
    Given("Левон Լևոն Լեւոն Levon Levond"),
    Given("Манвел Մանվել"),
    Given("Месроп Մեսրոպ Mesrob"),
    Given("Мкртич Մկրտիչ Mgrdich Mkrtich", familiar="Мкртыч"),
    Given("Мушег Մուշեղ Mushegh Musheg"),
    Given("Норайр Նորայր Norair"),
    Given("Оганес Հովհաննես Hovhannes Ованес Оганнес Hovanes Ohannes", familiar="Ованнес"),
    Given("Размик Ռազմիկ"),
    Given("Рубен Ռուբեն Roupen Reuben"),
    Given("Самвел Սամվել Samvel"),
    Given("Саркис Սարգիս Սարկիս Sarkis Sargis Саргис Серкис"),
    Given("Сурен Սուրեն Souren"),
    Given("Тигран Տիգրան Dikran Tigran Dicran Тыгран"),
    Given("Хачатур Խաչատուր Khatchadour Khachatur", familiar="Хачик"),
    Given("Эдгар Էդգար Едгар Edgar"),
)

WOMEN: Final = (
    Given("Анаит Անահիտ Anahit Anahid"),
    Given("Ани Անի"),
    Given("Армине Արմինե"),
    Given("Гаяне Գայանե Gayane Каяне"),
    Given("Карине Կարինե Карина Каріна"),
    Given("Лусине Լուսինե Lusine Lucine"),
    Given("Наринэ Նարինե Нарине"),
    Given("Сусанна Շուշան Shushan Сюзанна Сусана Susan Шушаник Шушан"),
)

ARMENIAN: Final = Family("Armenian", "Armenian", (("\u0531", "\u058a"),), read, True, True, MEN, WOMEN)
