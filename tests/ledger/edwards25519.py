"""The curve of Ed25519 in plain integers (RFC 8032, section 5.1), to make signatures that no honest signer makes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    """The sum of two points."""
    (x1, y1), (x2, y2) = one, other
    product = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


def multiply(number: int, point: Point) -> Point:
    """The multiple of a point."""
    total = IDENTITY
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def encode(point: Point) -> bytes:
    """The canonical 32 bytes of a point."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def x_of(y: int, odd: int) -> int:
    """The coordinate that belongs to y. Raises ValueError if there is none."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT_OF_MINUS_1 % P
    if x * x % P != square:
        raise ValueError("no point")
    return P - x if x & 1 != odd and x else x


def _base() -> Point:
    y = 4 * pow(5, -1, P) % P
    return x_of(y, 0), y


BASE = _base()


def torsion() -> list[Point]:
    """The eight points of small order."""
    y = 2
    while True:
        try:
            point = multiply(ORDER, (x_of(y, 0), y))
        except ValueError:
            point = IDENTITY
        if multiply(4, point) != IDENTITY:
            return [multiply(number, point) for number in range(8)]
        y += 1


@dataclass(frozen=True)
class Encoded:
    """A point with one of its encodings, and the multiple of the base point that is in it."""

    point: Point
    scalar: int
    small_part: Point
    """The point of small order that is in it."""
    encoding: bytes

    @property
    def canonical(self) -> bool:
        """Whether it is written as RFC 8032 has it."""
        return self.encoding == encode(self.point)

    @property
    def small(self) -> bool:
        """Whether the point is of small order."""
        return self.scalar == 0


def edge_points() -> Iterator[Encoded]:
    """Every encoding of every point of small order, canonical or not, and points with and without such a component."""
    small = torsion()
    for point in small:
        x, y = point
        for raised in (y, y + P):
            if raised < 2**255:
                yield Encoded(point, 0, point, (raised | (x & 1) << 255).to_bytes(32, "little"))
                if x == 0:
                    yield Encoded(point, 0, point, (raised | 1 << 255).to_bytes(32, "little"))
    for scalar in (7, 11):
        for point in small:
            both = add(multiply(scalar, BASE), point)
            yield Encoded(both, scalar, point, encode(both))


def challenge(nonce: bytes, key: bytes, message: bytes) -> int:
    """What the signer multiplies the secret scalar by."""
    return int.from_bytes(hashlib.sha512(nonce + key + message).digest(), "little") % ORDER


def sign(key: Encoded, nonce: Encoded, message: bytes) -> bytes:
    """The signature for which 8·S·B = 8·R + 8·k·A holds, as RFC 8032 allows a verifier to ask."""
    k = challenge(nonce.encoding, key.encoding, message)
    return nonce.encoding + ((nonce.scalar + k * key.scalar) % ORDER).to_bytes(32, "little")


def holds_without_cofactor(key: Encoded, nonce: Encoded, message: bytes) -> bool:
    """Whether for such a signature S·B = R + k·A holds, too: whether what is of small order cancels out."""
    k = challenge(nonce.encoding, key.encoding, message)
    return add(nonce.small_part, multiply(k % 8, key.small_part)) == IDENTITY
