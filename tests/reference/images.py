#!/usr/bin/env python3
"""Writes images/: tiny images of every kind, and expected.csv, what read_image makes of them.

The PNG files are put together here, byte by byte, and their expected pixels come from the numbers that
went in; so no decoder is taken on trust. The JPEG files hold blocks of 8 x 8 equal pixels at quality
100, which lose at most one level on the way through YCbCr.

    python3 images.py          needs NumPy and Pillow (for the JPEG files only)
"""
import pathlib
import struct
import zlib

import numpy
from PIL import Image

folder = pathlib.Path(__file__).parent / "images"
rng = numpy.random.default_rng(102)


def chunk(kind, data, crc_error=0):
    crc = zlib.crc32(kind + data) ^ crc_error
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def scanlines(values, bits):
    """Rows of samples (h, w, channels), each with filter 0 in front."""
    result = b""
    for row in values:
        samples = row.reshape(-1)
        if bits == 16:
            packed = samples.astype(">u2").tobytes()
        elif bits == 8:
            packed = samples.astype("u1").tobytes()
        else:
            text = "".join(format(int(v), f"0{bits}b") for v in samples)
            text += "0" * (-len(text) % 8)
            packed = bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))
        result += b"\0" + packed
    return result


def write_png(name, values, colour_type, bits=8, before=b"", interlaced=False):
    h, w = values.shape[:2]
    if interlaced:  # Adam7
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        parts = [values[y::dy, x::dx] for y, x, dy, dx in passes]
        data = b"".join(scanlines(part, bits) for part in parts if part.size)
    else:
        data = scanlines(values, bits)
    header = struct.pack(">IIBBBBB", w, h, bits, colour_type, 0, 0, int(interlaced))
    (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before +
                                chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def luma(rgb):
    return rgb @ numpy.array([0.2126, 0.7152, 0.0722])


def sample(Y, side):
    """Y (h, w) in [0, 1] -> (side * side) in [-1, 1], by counting: pixels cut into side x side parts."""
    h, w = Y.shape
    s = min(h, w)
    y, x = (h - s) // 2, (w - s) // 2
    fine = numpy.repeat(numpy.repeat(Y[y:y + s, x:x + s], side, 0), side, 1)
    means = fine.reshape(side, s, side, s).mean(axis=(1, 3))
    return 2 * means.ravel() - 1


expected = []  # (file, tolerance, luma)


def add(name, Y, tolerance=1e-6):
    expected.append((name, tolerance, Y))


def random(*shape, top=256):
    return rng.integers(0, top, shape)


folder.mkdir(exist_ok=True)

for name, shape in (("rgb_landscape", (7, 14)), ("rgb_portrait", (10, 5)), ("rgb_square", (9, 9))):
    v = random(*shape, 3)
    write_png(name + ".png", v, 2)
    add(name + ".png", luma(v / 255))

v = random(6, 7, 3)  # says that its gamma is 1, has a colour profile that is none, and a spoilt remark
odd = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"iCCP", b"none\0\0" + zlib.compress(b"nonsense"))
write_png("rgb_odd_chunks.png", v, 2, before=odd + chunk(b"tEXt", b"Comment\0spoilt", crc_error=1))
add("rgb_odd_chunks.png", luma(v / 255))

v = random(11, 8, 3)
write_png("rgb_interlaced.png", v, 2, interlaced=True)
add("rgb_interlaced.png", luma(v / 255))

v = random(5, 6, 3, top=65536)
write_png("rgb16.png", v, 2, bits=16)
add("rgb16.png", luma(v / 65535))

v = random(7, 7, 4)
write_png("rgba.png", v, 6)
add("rgba.png", luma(v[..., :3] / 255) * v[..., 3] / 255)

for bits in (1, 2, 4, 8, 16):
    v = random(6, 9, 1, top=2**bits)
    write_png(f"gray{bits}.png", v, 0, bits=bits)
    add(f"gray{bits}.png", v[..., 0] / (2**bits - 1))

v = random(6, 6, 1, top=4)  # gray 2 is transparent
write_png("gray_transparent.png", v, 0, bits=2, before=chunk(b"tRNS", struct.pack(">H", 2)))
add("gray_transparent.png", numpy.where(v[..., 0] == 2, 0, v[..., 0] / 3))

for bits in (8, 16):
    v = random(5, 5, 2, top=2**bits)
    write_png(f"gray_alpha{bits}.png", v, 4, bits=bits)
    add(f"gray_alpha{bits}.png", v[..., 0] * v[..., 1] / (2**bits - 1) ** 2)

palette, opacity, v = random(16, 3), random(10), random(8, 9, 1, top=16)
write_png("palette.png", v, 3, bits=4, before=chunk(b"PLTE", palette.astype("u1").tobytes()) +
          chunk(b"tRNS", opacity.astype("u1").tobytes()))
alpha = numpy.concatenate([opacity, numpy.full(6, 255)]) / 255
add("palette.png", (luma(palette / 255) * alpha)[v[..., 0]])

for name, value in (("one_white", 255), ("one_black", 0), ("one_gray", 100)):
    v = numpy.full((1, 1, 3), value)
    write_png(name + ".png", v, 2)
    add(name + ".png", luma(v / 255))


def blocks(h, w, *channels):
    v = random(-(-h // 8), -(-w // 8), *channels).astype("u1")
    return numpy.repeat(numpy.repeat(v, 8, 0), 8, 1)[:h, :w]


v = blocks(20, 37)
Image.fromarray(v, "L").save(folder / "gray.jpg", quality=100)
add("gray.jpg", v / 255)
for name, shape, progressive in (("colour.jpg", (27, 21), False), ("progressive.jpg", (16, 33), True)):
    v = 64 + blocks(*shape, 3) // 2
    Image.fromarray(v, "RGB").save(folder / name, quality=100, subsampling=0, progressive=progressive)
    add(name, luma(v / 255), 2.0 / 255)  # one level
Image.fromarray(blocks(8, 8, 4), "CMYK").save(folder / "cmyk.jpg", quality=100)  # refused

with open(folder / "expected.csv", "w") as csv:
    csv.write("file,side,tolerance,x\n")
    for name, tolerance, Y in expected:
        for side in (1, 3, 5, 8):
            numbers = ",".join(format(x, ".9g") for x in sample(Y, side))
            csv.write(f"{name},{side},{tolerance:.3g},{numbers}\n")
