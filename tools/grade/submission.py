"""Takes out of a submission the files that its student may change, and nothing else: nothing is unpacked to disk, so
that neither a name such as ../x, nor a link, nor a bomb does harm."""

import os
import stat
import tarfile
import zipfile
import zlib

MOST_ARCHIVE = 50 << 20   # bytes of an archive
MOST_FILE = 256 << 10     # of a file that is graded; the largest here has 10 KB
MOST_UNPACKED = 200 << 20  # that are looked at in a .tar.gz, which has no table of contents
MOST_NAMES = 20000


class Refused(Exception):
    """A submission that cannot be read, and why."""


def name_of(path):
    """The student: the name of the folder or archive."""
    name = os.path.basename(os.path.normpath(path))
    for ending in (".zip", ".tar.gz", ".tgz", ".tar"):
        name = name.removesuffix(ending)
    return name


def parts_of(name):
    """The parts of a name in an archive; none of one that leads out of it."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    return [] if ".." in parts or name.startswith("/") or ":" in (parts or [""])[0] else parts


class Members:
    """Which of an archive's members are wanted: for each wanted file the one that lies least deep."""

    def __init__(self, wanted):
        self.wanted = {tuple(path.split("/")): path for path in wanted}
        self.deep = {}
        self.seen = 0

    def place_of(self, name):
        """The wanted file that this member is, unless one less deep was seen."""
        self.seen += 1
        if self.seen > MOST_NAMES:
            raise Refused("more than %d files in it" % MOST_NAMES)
        parts = tuple(parts_of(name))
        for wanted, path in self.wanted.items():
            if parts[-len(wanted):] == wanted and len(parts) < self.deep.get(path, len(parts) + 1):
                self.deep[path] = len(parts)
                return path
        return None


def limited(data, path):
    if len(data) > MOST_FILE:
        raise Refused("%s is larger than %d KB" % (path, MOST_FILE >> 10))
    return data


def from_zip(path, members):
    files = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            place = members.place_of(info.filename)
            if place and not stat.S_ISLNK(info.external_attr >> 16) and not info.is_dir():
                with archive.open(info) as member:
                    files[place] = limited(member.read(MOST_FILE + 1), place)
    return files


class Counted:
    """A stream that stops a bomb."""

    def __init__(self, stream):
        self.stream, self.count = stream, 0

    def read(self, size):
        data = self.stream.read(size)
        self.count += len(data)
        if self.count > MOST_UNPACKED:
            raise Refused("more than %d MB in it" % (MOST_UNPACKED >> 20))
        return data


def from_tar(path, members):
    import gzip
    files = {}
    opened = gzip.open(path) if not path.endswith(".tar") else open(path, "rb")
    with opened as stream, tarfile.open(fileobj=Counted(stream), mode="r|") as archive:
        for info in archive:
            place = members.place_of(info.name)
            if place and info.isfile():
                files[place] = limited(archive.extractfile(info).read(MOST_FILE + 1), place)
    return files


def from_folder(path, wanted):
    """The tree in a folder, or in the only folder in it."""
    root = path
    while not any(os.path.lexists(os.path.join(root, name)) for name in wanted):
        inside = [entry for entry in os.scandir(root) if entry.is_dir(follow_symlinks=False)]
        if len(inside) != 1 or len(os.path.relpath(root, path).split("/")) > 5:
            return {}
        root = inside[0].path
    files = {}
    for name in wanted:
        place = os.path.join(root, name)
        if os.path.realpath(place) != os.path.join(os.path.realpath(root), name):
            continue  # a link somewhere on the way
        if os.path.lexists(place) and stat.S_ISREG(os.lstat(place).st_mode):
            with open(place, "rb") as file:
                files[name] = limited(file.read(MOST_FILE + 1), name)
    return files


def read(path, wanted):
    """{path in the tree: text} of the wanted files that are in a submission.
    @throws Refused  if it is no folder and no archive, damaged, or too large"""
    try:
        if os.path.isdir(path):
            files = from_folder(path, wanted)
        elif not os.path.isfile(path) or os.path.getsize(path) > MOST_ARCHIVE:
            raise Refused("it is not there" if not os.path.exists(path) else
                          "it is no file of at most %d MB" % (MOST_ARCHIVE >> 20))
        elif zipfile.is_zipfile(path):
            files = from_zip(path, Members(wanted))
        else:
            files = from_tar(path, Members(wanted))
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError,
            zlib.error) as error:
        raise Refused("it cannot be read: %s" % error) from error
    return {name: data.decode("utf-8", "replace") for name, data in files.items()}
