"""Lines, split at every comma, held against a shape: the columns of those that fit it beyond doubt."""

from collections.abc import Collection

import polars as pl

from safeconduct.clauses.batch.columns import OTHERS, json_column, text_column
from safeconduct.clauses.batch.instants import instants_us
from safeconduct.clauses.batch.shapes import NUMBER, WORDS, Piece, Shape
from safeconduct.tracking.events import NEEDS

ROW = "row"
"""The column of a line's number within its block, from 0."""

_DIRTY = r'["\\\x00-\x1f]'
_NUMBER = f"^{NUMBER}$"
_FORM_NEEDED = {"position": "pair", "count": "number"}
"""The form of a field that a type cannot do without, where it is no text."""


def place_column(place: int) -> str:
    """The column of what stands between two commas, counted from 0."""
    return f"place {place}"


def fit(pool: pl.DataFrame, shape: Shape, keys: Collection[str], strict: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The columns of the lines that fit the shape, with one for each of `keys`; and the lines that do not fit.

    Without `strict` the caller vouches that no value holds a quotation mark, a backslash or a control character.
    """
    places = shape.places
    begins = [pl.col(place_column(len(places))).is_null()]
    begins += [pl.col(place_column(n)).str.starts_with(before) for n, (before, _) in enumerate(places) if before]
    similar = pool.select(pl.all_horizontal(begins).fill_null(False)).to_series()
    if not similar.any():
        return pool.clear(), pool
    part, rest = (pool, pool.clear()) if similar.all() else (pool.filter(similar), pool.filter(~similar))
    values, sure = _values(part, shape, strict)
    fields = values.select(_fields(shape, keys))
    fields = fields.with_columns(_instant(fields, "at"), _instant(fields, "received"))
    sure &= _is_sound(fields, values, shape)
    if not sure.all():
        rest = pl.concat([rest, part.filter(~sure)])
        fields = fields.filter(sure)
    return fields, rest


def _values(part: pl.DataFrame, shape: Shape, strict: bool) -> tuple[pl.DataFrame, pl.Series]:
    """What stands between the fixed parts, and whether every line has them and sound values."""
    opened: list[pl.Expr] = []
    values: list[pl.Expr] = []
    checks: list[pl.Expr] = []
    forms = [(piece.form, around) for piece in shape.pieces for around in piece.around]
    for place, (form, (before, after)) in enumerate(forms):
        column = pl.col(place_column(place))
        opened.append(column.str.slice(len(before)) if before else column)
        value = column.str.head(-len(after)) if after else column
        values.append(value)
        if after:
            checks.append(column.str.ends_with(after))
        if form in WORDS:
            checks.append(column == "")
        elif form != "text":
            checks.append(value.str.contains(_NUMBER))
        elif strict:
            checks.append(~value.str.contains(_DIRTY))
    found = part.select(opened).select(*values, pl.all_horizontal(checks).fill_null(False).alias("sure"))
    return found.drop("sure"), found["sure"]


def _fields(shape: Shape, keys: Collection[str]) -> list[pl.Expr]:
    """The columns of reports, `at` and `received` still as they are written."""
    columns = [pl.lit(None, pl.String).alias("received")] if shape.forms().get("received_at") != "text" else []
    others: list[tuple[str, pl.Expr]] = []
    place = 0
    for piece in shape.pieces:
        text, value = pl.col(place_column(place)), _json_value(piece, place)
        place += len(piece.around)
        if piece.key in ("id", "type", "at"):
            columns.append(text.alias(piece.key))
        elif piece.key == "received_at":
            columns += [text.alias("received")] if piece.form == "text" else []
        elif piece.key.startswith("_") or piece.form == "null":
            pass
        elif piece.key not in keys:
            others.append((piece.key, value))
        elif piece.form == "text":
            columns.append(text.alias(text_column(piece.key)))
        else:
            columns.append(value.alias(json_column(piece.key)))
    if others:
        columns.append(_object(others).alias(OTHERS))
    return columns


def _json_value(piece: Piece, place: int) -> pl.Expr:
    """The value as JSON."""
    one = pl.col(place_column(place))
    if piece.form == "text":
        return pl.concat_str(pl.lit('"'), one, pl.lit('"'))
    if piece.form == "pair":
        return pl.concat_str(pl.lit("["), one, pl.lit(","), pl.col(place_column(place + 1)), pl.lit("]"))
    return one if piece.form == "number" else pl.lit(piece.form)


def _object(fields: list[tuple[str, pl.Expr]]) -> pl.Expr:
    """One JSON object, its keys sorted."""
    parts: list[pl.Expr] = []
    for key, value in sorted(fields, key=lambda one: one[0]):
        parts += [pl.lit(f'{"," if parts else "{"}"{key}":'), value]
    return pl.concat_str(*parts, pl.lit("}"))


def _instant(fields: pl.DataFrame, name: str) -> pl.Series:
    texts = fields[name]
    if texts.null_count() == len(texts):
        return texts.cast(pl.Int64)
    return instants_us(texts).alias(name)


def _is_sound(fields: pl.DataFrame, values: pl.DataFrame, shape: Shape) -> pl.Series:
    """Whether the times are readable and each line has what its type needs."""
    forms = shape.forms()
    sound = fields["at"].is_not_null()
    if forms.get("received_at") == "text":
        sound &= fields["received"].is_not_null()
    lacking = [
        kind for kind, needed in NEEDS.items() if any(forms.get(key) != _FORM_NEEDED.get(key, "text") for key in needed)
    ]
    if not set(lacking).isdisjoint(fields["type"].unique()):
        sound &= ~fields["type"].is_in(lacking)
    if forms.get("position") == "pair":
        before = shape.pieces[: [piece.key for piece in shape.pieces].index("position")]
        place = sum(len(piece.around) for piece in before)
        # What is no number has been found out already.
        both = (values[place_column(place + one)].cast(pl.Float64, strict=False) for one in (0, 1))
        longitude, latitude = both
        sound &= (longitude.abs() <= 180) & (latitude.abs() <= 90)
    return sound
