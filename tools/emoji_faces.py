#!/usr/bin/env python3
"""Renders the 60 faces of data/emoji from the font Noto Color Emoji.

    tools/emoji_faces.py FOLDER

They are the faces of U+1F600 to U+1F637 and U+1F641 to U+1F644, on white, each scaled once from the font's
bitmap of 136x128 pixels, of which 128x128 are kept, to 24x24. Needed are the Debian packages fonts-noto-color-emoji and python3-pil
(data/emoji: version 2.042 of the font, 9.4 of Pillow). A file's name is the face's name in Unicode.
"""
import argparse
import pathlib
import unicodedata

from PIL import Image, ImageDraw, ImageFont

bitmap = 109  # the one size that the font's bitmaps have
side = 24
faces = [*range(0x1F600, 0x1F638), *range(0x1F641, 0x1F645)]


def rendered(font, character):
    """One face in the middle of a white square that the largest of them fills, scaled to side x side."""
    large = Image.new("RGB", (128, 128), "white")
    ImageDraw.Draw(large).text((-4, 1), character, font=font, embedded_color=True)
    return large.resize((side, side), Image.Resampling.BOX)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--font", default="/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
    arguments = parser.parse_args()
    font = ImageFont.truetype(arguments.font, bitmap)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for face in faces:
        name = unicodedata.name(chr(face)).lower().replace(" ", "_").replace("-", "_")
        rendered(font, chr(face)).save(arguments.folder / f"{name}.png", optimize=True)
    print(f"{len(faces)} faces in {arguments.folder}")


if __name__ == "__main__":
    main()
