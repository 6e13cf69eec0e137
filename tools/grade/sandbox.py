"""Runs programs that are not trusted: in a namespace of their own by bubblewrap where that works, else with limits.

docs/grading.md says what either promises.
"""

import ctypes
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass

NOBODY, USERS = 65534, 15  # nobody, and those below that no system gives to anyone: one for each submission at a time
PATH = "/usr/local/bin:/usr/bin:/bin"
SYSTEM = ["/usr", "/bin", "/lib", "/lib64", "/lib32", "/sbin", "/etc/alternatives", "/etc/ld.so.cache"]


@dataclass
class Limits:
    seconds: int = 2       # of processor time
    clock: int = 8         # seconds by the clock, for what waits
    megabytes: int = 1024  # of memory, a process
    processes: int = 32
    file_megabytes: int = 16


@dataclass
class Result:
    status: int      # exit status; negative: the signal that ended it
    late: bool       # it was stopped
    output: str      # the beginning of what it printed


def become_reaper():
    """Makes this process the parent of what its children leave behind, so that it can end that."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def children():
    result = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as file:
                    if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                        result.append(int(name))
            except (OSError, ValueError, IndexError):
                pass
    return result


def tasks_of(user):
    """How many processes and threads a user has."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat("/proc/" + name).st_uid == user:
                count += len(os.listdir("/proc/%s/task" % name))
        except OSError:
            pass
    return count


def end_leftovers():
    """Ends whatever a program left running: all children of this process, until there are none."""
    while left := children():
        for child in left:
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


def read_file(path, most=1 << 20):
    """The text of a file that a program may have written; empty if it is none, or a link to another."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(most).decode("utf-8", "replace") if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else ""
    except OSError:
        return ""


class Sandbox:
    """How programs are run here; `kind` is "bubblewrap" or "limits"."""

    def __init__(self, readable):
        """@param readable  a folder that programs will have to read"""
        self.problem = ""
        as_root = os.geteuid() == 0
        candidates = [("bubblewrap", NOBODY if as_root else None), ("bubblewrap", None)]
        for self.kind, self.user in candidates if shutil.which("bwrap") else []:
            if self._works(readable):
                return
        self.kind, self.user = "limits", NOBODY if as_root else None
        self.problem = ("bubblewrap %s: submissions run with limits alone, %s, and could reach the network" % (
            "does not work here" if shutil.which("bwrap") else "is not installed",
            "as users of no other rights, who could read what all can read" if as_root else
            "AS YOU, so that they could read and change your files"))

    def _works(self, readable):
        with tempfile.TemporaryDirectory() as folder:
            self.own(folder)
            return self.run(["/usr/bin/test", "-r", readable], folder, [readable]).status == 0

    def take_user(self, number):
        """Lets programs run as another user than those of other numbers, whom they could end or keep from forking."""
        if self.user is not None:
            self.user = NOBODY - number % USERS

    def own(self, folder):
        """Gives a folder to the user that programs run as."""
        if self.user is not None:
            os.chown(folder, self.user, self.user)

    def admit(self, folder):
        """Lets that user, and no other, go through a folder of ours."""
        if self.user is not None:
            os.chown(folder, -1, self.user)
        os.chmod(folder, 0o750)

    def _wrapped(self, command, folder, readable, limits):
        limited = ["prlimit", "--as=%d" % (limits.megabytes << 20), "--cpu=%d" % limits.seconds, "--core=0",
                   "--fsize=%d" % (limits.file_megabytes << 20), "--nofile=256"]
        if self.kind == "limits":  # which count all that the user has
            others = 0 if self.user is not None else tasks_of(os.getuid())
            return limited + ["--nproc=%d" % (others + limits.processes), "--"] + command
        wrap = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--dev", "/dev",
                "--setenv", "PATH", PATH, "--setenv", "TMPDIR", folder, "--setenv", "LC_ALL", "C"]
        for path in SYSTEM:
            if os.path.islink(path):
                wrap += ["--symlink", os.readlink(path), path]
            elif os.path.exists(path):
                wrap += ["--ro-bind", path, path]
        for path in readable:
            wrap += ["--ro-bind", path, path]
        wrap += ["--bind", folder, folder, "--chdir", folder, "--remount-ro", "/dev", "--remount-ro", "/"]
        # Inside, where the number of processes is counted for this namespace.
        return wrap + limited + ["--nproc=%d" % limits.processes, "--"] + command

    def run(self, command, folder, readable=(), limits=Limits()):
        """Runs a command in `folder`, the only one it can write to. @param readable  files and folders it can read
        beside the system's own"""
        environment = {"PATH": PATH, "TMPDIR": folder, "LC_ALL": "C"}
        with tempfile.TemporaryFile() as file:  # not in the folder, where a program could put a link in its place
            process = subprocess.Popen(self._wrapped(command, folder, readable, limits), stdin=subprocess.DEVNULL,
                                       stdout=file, stderr=subprocess.STDOUT, cwd=folder, env=environment,
                                       start_new_session=True, user=self.user, group=self.user,
                                       extra_groups=None if self.user is None else [])
            late = False
            end = time.monotonic() + limits.clock
            try:
                process.wait(end - time.monotonic())
            except subprocess.TimeoutExpired:
                late = True
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            process.wait()
            end_leftovers()
            file.seek(0)
            text = file.read(limits.file_megabytes << 20).decode("utf-8", "replace")
        status = process.returncode
        if status > 128:  # as a shell and bwrap say that a signal ended it
            status = 128 - status
        return Result(status, late or status in (-signal.SIGXCPU, -signal.SIGKILL), text)
