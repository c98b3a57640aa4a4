"""The box around student code: bubblewrap's namespaces, what can be read in them, the variables that are set.

Inside there is no network, no home, no course: the system and the Python environment, read-only, the modules that
notebooks import, and a small /tmp in memory. Needs Linux and bubblewrap (Debian package `bubblewrap`).
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

import helpers
from helpers import data

DISK_BYTES = 256 * 2**20
CACHE = "/cache"
_NAMESPACES = ["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session",
               "--as-pid-1", "--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "box"]  # fmt: skip


@cache
def protected() -> bool:
    """Whether bubblewrap works here."""
    if not shutil.which("bwrap"):
        return False
    command = ["bwrap", *_NAMESPACES, "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def environment(temporary: str) -> dict[str, str]:
    """The few variables that notebooks see."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": temporary, "TMPDIR": temporary, "MPLCONFIGDIR": f"{temporary}/.matplotlib",
        "XDG_CACHE_HOME": CACHE if temporary == "/tmp" else str(data.cache_folder().parent),
        "LANG": "C.UTF-8", "MPLBACKEND": "module://matplotlib_inline.backend_inline", "NBGRADER_EXECUTION": "autograde",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
        # One thread each: notebooks run side by side, and with one thread every sum has one order.
        "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1", "IPYTHONDIR": f"{temporary}/.ipython", "KERAS_HOME": f"{temporary}/.keras",
        "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip


def visible() -> list[Path]:
    """What can be read inside: the system, Python, and of this package all that is no instructor's business."""
    package = Path(helpers.__file__).resolve().parent
    grading = package / "grading"
    own = [path for path in package.iterdir() if path.name not in ("grading", "__pycache__")]
    inside = [grading / name for name in ("__init__.py", "warm.py", "harness.py", "shell.py")]
    etc = ["ld.so.cache", "alternatives", "fonts", "localtime", "mime.types"]
    python = {Path(folder).resolve() for folder in (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"))}
    return [Path("/usr"), *(Path("/etc", name) for name in etc), *sorted(python), *own, *inside]


def command() -> list[str]:
    """bubblewrap with everything that the warm process may see."""
    words = ["bwrap", *_NAMESPACES, "--proc", "/proc", "--dev", "/dev"]
    for link in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(link):
            words += ["--symlink", os.readlink(link), link]
        elif os.path.isdir(link):
            words += ["--ro-bind", link, link]
    half = str(DISK_BYTES // 2)
    words += ["--size", half, "--tmpfs", "/tmp", "--size", half, "--tmpfs", "/dev/shm"]
    for path in visible():
        words += ["--ro-bind-try", str(path), str(path)]  # some systems lack some; an editor's file may be gone again
    if (drawn := data.cache_folder()).is_dir():
        words += ["--ro-bind", str(drawn), f"{CACHE}/{drawn.name}"]
    # Who grades as root is the owner of /proc/sys inside too.
    return [*words, "--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
