#!/usr/bin/env python3
"""Fetches the Oxford 102 Flowers photographs and writes a list of 24 of them.

    tools/oxford102.py FOLDER                         downloads 330 MB
    tools/oxford102.py FOLDER --tgz 102flowers.tgz    takes an archive that is there already

Afterwards FOLDER holds jpg/image_00001.jpg and so on, imagelabels.mat (if downloaded) and
flowers24.txt, the list for --list: two photographs of each of 12 kinds with the flower in the middle.
M.-E. Nilsback and A. Zisserman, "Automated flower classification over a large number of classes",
2008. No licence is published for the photographs; they do not belong into a repository.
Python's standard library is all this needs.
"""
import argparse
import hashlib
import http.client
import os
import pathlib
import shutil
import sys
import tarfile
import urllib.request
import zlib

address = "http://www.robots.ox.ac.uk/~vgg/data/flowers/102/"
md5_sums = {
    "102flowers.tgz": "52808999861908f626f3c1f4e79d11fa",
    "imagelabels.mat": "e0620be6f572b9609742df49c70aed4d",
}
listed = {
    "barbeton daisy": ["image_02297.jpg", "image_02285.jpg"],
    "black-eyed susan": ["image_05879.jpg", "image_05887.jpg"],
    "clematis": ["image_01659.jpg", "image_01677.jpg"],
    "gazania": ["image_04520.jpg", "image_04515.jpg"],
    "hibiscus": ["image_01744.jpg", "image_01739.jpg"],
    "orange dahlia": ["image_05066.jpg", "image_05084.jpg"],
    "osteospermum": ["image_05580.jpg", "image_05571.jpg"],
    "oxeye daisy": ["image_06235.jpg", "image_06201.jpg"],
    "passion flower": ["image_00160.jpg", "image_00033.jpg"],
    "rose": ["image_01168.jpg", "image_01280.jpg"],
    "sunflower": ["image_05399.jpg", "image_05427.jpg"],
    "water lily": ["image_00270.jpg", "image_00364.jpg"],
}


class Failure(Exception):
    """What the user is told, in one line."""


def download(name, folder):
    """The file, whole or not at all; what is there already and right stays."""
    path = folder / name
    if path.exists() and md5_of(path) == md5_sums[name]:
        return path
    part = folder / (name + ".part")
    print(f"downloading {address}{name} ...", file=sys.stderr)
    try:
        with urllib.request.urlopen(address + name, timeout=30) as source, open(part, "wb") as target:
            shutil.copyfileobj(source, target)
    except (OSError, http.client.HTTPException) as error:
        part.unlink(missing_ok=True)
        reason = getattr(error, "reason", error)
        raise Failure(f"cannot download {address}{name}: {reason}; is there a network?") from error
    found = md5_of(part)
    if found != md5_sums[name]:
        part.unlink()
        raise Failure(f"{address}{name}: expected MD5 {md5_sums[name]}, got {found}")
    part.replace(path)
    return path


def md5_of(path):
    md5 = hashlib.md5()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            md5.update(block)
    return md5.hexdigest()


def unpack(archive, folder):
    """All image_*.jpg of the archive into folder/jpg, under their own names and nowhere else."""
    (folder / "jpg").mkdir(parents=True, exist_ok=True)
    count = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                name = os.path.basename(member.name)
                if member.isfile() and name.startswith("image_") and name.endswith(".jpg"):
                    with tar.extractfile(member) as source, open(folder / "jpg" / name, "wb") as target:
                        shutil.copyfileobj(source, target)
                    count += 1
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise Failure(f"{archive}: cannot be unpacked: {error}") from error
    if count == 0:
        raise Failure(f"{archive}: expected files image_*.jpg, found none")
    return count


def write_list(folder):
    path = folder / "flowers24.txt"
    lines = ["# 24 photographs of the Oxford 102 Flowers, two of each of 12 kinds"]
    for kind, names in listed.items():
        lines.append(f"# {kind}")
        for name in names:
            if not (folder / "jpg" / name).exists():
                raise Failure(f"{path}: not written, for the archive lacks {name}")
            lines.append(f"jpg/{name}")
    path.write_text("\n".join(lines) + "\n")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where the photographs go")
    parser.add_argument("--tgz", type=pathlib.Path, help="102flowers.tgz, downloaded before")
    options = parser.parse_args()
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        if options.tgz:
            archive = options.tgz
        else:
            download("imagelabels.mat", options.folder)
            archive = download("102flowers.tgz", options.folder)
        count = unpack(archive, options.folder)
        path = write_list(options.folder)
    except (Failure, OSError) as error:
        print(f"oxford102: {error}", file=sys.stderr)
        return 2
    print(f"{count} photographs in {options.folder / 'jpg'}; the list is {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
