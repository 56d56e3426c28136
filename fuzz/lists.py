"""Feed spoilt lists to the reader of lists for as long as one likes.

    uv run python -m fuzz.lists                       # ten minutes, from a seed that is printed
    uv run python -m fuzz.lists --seconds 60 --seed 7

Sound lists, as CSV in several encodings and as XLSX, are spoilt at random: bytes, pieces moved or doubled, cells of a
workbook's XML replaced by traps (formulas, merged cells, dates before 1900, huge numbers, far-off cells). Each must be
read, or refused with one line, within SLOWEST_S and MOST_MB. What does neither is kept in a file `crash-…`.
"""

import argparse
import io
import random
import resource
import sys
import time
import traceback
import zipfile
from pathlib import Path

import xlsxwriter

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.lists import read_list, write_csv, write_json
from safeconduct.registry.preview import as_written, preview

SLOWEST_S = 10.0
MOST_MB = 3_000
_ROWS = [
    ["№ з/п", "ПІБ", "Д.н.", "Стать", "Звання", "Особистий номер", "В/ч", "Категорія", "Відмова", "Зріст"],
    ["1", "Шевчук Іван Петрович", "17.05.1998", "ч", "солдат", "АА-012345", "А1234", "полонений", "ні", "182"],
    ["2", "Лис Ганна Юріївна", "05.1990", "ж", "сержант", "3.1E+09", "А1234", "цивільна", "так", ""],
    ["Всього: 2", "", "", "", "", "", "", "", "", ""],
    ["3", "Іванoв\nПётр", "1905-06-12", "м", "капитан 2 ранга", "", "в/ч 12345", "ВП; тяжелораненый", "?", "РЁ"],
]
_TRAPS = [
    b'<c r="B2"><f>A1</f></c>',
    b'<c r="B2" t="e"><v>#N/A</v></c>',
    b'<c r="B2" t="b"><v>1</v></c>',
    b'<c r="B2"><v>-1E300</v></c>',
    b'<c r="B2"><v>1e999</v></c>',
    b'<c r="B2"><v>nan</v></c>',
    b'<c r="B2" s="1"><v>-40000</v></c>',
    b'<c r="B2" s="1"><v>2958466</v></c>',
    b'<c r="B2" s="99999"><v>1</v></c>',
    b'<c r="B2" t="s"><v>99999</v></c>',
    b'<c r="B2" t="s"><v>-1</v></c>',
    b'<c r="B2" t="inlineStr"><is><t>&#0;&#x1F600;</t></is></c>',
    b'<c r="ZZ99999"><v>1</v></c>',
    b'<c r="A0"><v>1</v></c>',
    b'<c r="AAAAAAAA1"><v>1</v></c>',
    b'<c r="A99999999999999999999"><v>1</v></c>',
    b"<c><v>1</v></c>",
    b'<c r="B2" t="d"><v>0001-01-01T00:00:00Z</v></c>',
    b'<row r="1048576"/>',
    b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    b'<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>',
    b'<dimension ref="A1:XFD1048576"/>',
]


def seeds() -> list[tuple[str, bytes]]:
    """Sound lists by name."""
    text = "\n".join(";".join(f'"{cell}"' if "\n" in cell else cell for cell in row) for row in _ROWS) + "\n"
    found = [("l.csv", text.encode(encoding)) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1251")]
    found.append(("l.csv", text.encode().decode("cp1251", "replace").encode()))
    for options in ({}, {"date_1904": True}, {"strings_to_numbers": True}):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, options)
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "dd.mm.yyyy"})
        for line, row in enumerate(_ROWS):
            sheet.write_row(line, 0, row)
        sheet.write_number(2, 2, 35932, date)
        sheet.write_number(2, 5, 1.25e16, book.add_format({"num_format": "0000000"}))
        sheet.merge_range(1, 6, 2, 6, "А1234")
        sheet.write_formula(4, 4, "=A1", None, "солдат")
        book.add_worksheet().hide()
        book.close()
        found.append(("l.xlsx", out.getvalue()))
    return found


def spoilt(draw: random.Random, source: bytes) -> bytes:
    """With some bytes, or pieces, otherwise."""
    content = bytearray(source)
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        at, length = draw.randrange(len(content) + 1), draw.choice((1, 1, 2, 7, 40, 400))
        piece = content[at : at + length]
        match draw.randrange(7):
            case 0:
                content[at : at + 1] = bytes([draw.randrange(256)])
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = piece * draw.choice((1, 2, 50, 2_000))
            case 3:
                content[at:at] = draw.choice(
                    (b'"', b"\x00", b"\r", b"\n", b";", b"<", b"\xff\xfe", b"=", b"\xd0", b"'")
                )
            case 4:
                other = draw.randrange(len(content) + 1)
                content[other:other] = piece
            case 5:
                content[at : at + len(piece)] = draw.randbytes(len(piece))
            case _:
                content = content[:at] if at > 20 else content
    return bytes(content)


def spoilt_workbook(draw: random.Random, source: bytes) -> bytes:
    """The same in the XML of one part, packed again; traps among the cells."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(
        [one for one in parts if one.startswith(("xl/worksheets", "xl/shared", "xl/workbook", "xl/sty"))]
    )
    if name.startswith("xl/worksheets") and draw.random() < 0.7:
        cells = [at for at in range(len(parts[name])) if parts[name].startswith((b"<c ", b"</row>"), at)]
        for _ in range(draw.randint(1, 4)):
            if cells:
                at = draw.choice(cells)
                trap = draw.choice(_TRAPS)
                end = parts[name].find(b"</c>", at) + 4
                rest = parts[name][end:] if draw.random() < 0.5 and end > 3 else parts[name][at:]
                parts[name] = parts[name][:at] + trap + rest
    else:
        parts[name] = spoilt(draw, parts[name])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(one, content)
    return out.getvalue()


def flaw(name: str, source: bytes) -> str:
    """What is wrong with how a list is read; empty if nothing is."""
    begun = time.process_time()
    try:
        read = read_list(name, source)
        preview(read)
        as_written(read)
        write_json(read)
        again = read_list("again.csv", write_csv(read))
        if again.persons != read.persons:
            return "the canonical form reads otherwise"
    except BadInput as refused:
        if len(str(refused).splitlines()) != 1:
            return f"a refusal of several lines: {refused}"
    except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
        return traceback.format_exc()
    taken_s = time.process_time() - begun
    used_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if taken_s > SLOWEST_S:
        return f"took {taken_s:.0f} s"
    return f"used {used_mb:,.0f} MB" if used_mb > MOST_MB else ""


def main() -> None:
    """Until the time is over, or something is found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    draw, tried, until = random.Random(seed), 0, time.monotonic() + arguments.seconds  # noqa: S311
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    sound = seeds()
    while time.monotonic() < until:
        name, source = draw.choice(sound)
        deep = name.endswith("xlsx") and draw.random() < 0.85
        source = spoilt_workbook(draw, source) if deep else spoilt(draw, source)
        tried += 1
        found = flaw(name, source)
        if found:
            path = Path(f"crash-{seed}-{tried}.{name.rpartition('.')[2]}")
            path.write_bytes(source)
            sys.stdout.write(f"{path}: {found}\n")
            sys.exit(1)
    sys.stdout.write(f"{tried:,} lists, nothing found\n")


if __name__ == "__main__":
    main()
