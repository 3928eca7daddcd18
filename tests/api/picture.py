"""PNG files as rows of dark and light dots, and their chunks; no more than the tests need."""
import struct
import zlib

DARK = 128


def chunks(png):
    """{type: data} of a PNG, the IDATs joined."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        data = png[at + 8:at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + data)
        found[kind.decode()] = found.get(kind.decode(), b"") + data
        at += 12 + length
    return found


def paeth(left, above, corner):
    guess = left + above - corner
    return min((left, above, corner), key=lambda v: abs(guess - v))


def unfilter(kind, line, before, step):
    """One row of bytes as it was before filtering."""
    row = bytearray(line)
    for i in range(len(row)):
        left = row[i - step] if i >= step else 0
        corner = before[i - step] if i >= step else 0
        above = before[i]
        row[i] = (row[i] + (0, left, above, (left + above) // 2, paeth(left, above, corner))[kind]) & 255
    return row


def dots(png):
    """Rows of booleans, True where the picture is dark."""
    parts = chunks(png)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", parts["IHDR"])
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    assert not interlaced and (depth == 8 or (depth, colour) == (1, 0))
    stride, step = (width * depth * samples + 7) // 8, max(1, depth * samples // 8)
    data, before, rows = zlib.decompress(parts["IDAT"]), bytes(stride), []
    for y in range(height):
        at = y * (stride + 1)
        before = unfilter(data[at], data[at + 1:at + 1 + stride], before, step)
        if depth == 1:
            rows.append([not before[x // 8] >> 7 - x % 8 & 1 for x in range(width)])
        else:
            rows.append([before[x * samples] < DARK for x in range(width)])
    return rows


def ppm(rows):
    """The rows as a binary PPM, which every decoder reads."""
    head = b"P6\n%d %d\n255\n" % (len(rows[0]), len(rows))
    return head + b"".join(b"\0\0\0" if dark else b"\xff\xff\xff" for row in rows for dark in row)
