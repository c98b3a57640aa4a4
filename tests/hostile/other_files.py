"""Masters, the gradebook, others' submissions and the machine: looked for, and files that pretend to be something."""

import os

from . import ALL, OPEN, WORKED, Case

SEARCH = """
import os, pathlib, sqlite3
here = pathlib.Path.cwd()
places = [here, *here.parents, pathlib.Path("/home"), pathlib.Path("/root"), pathlib.Path("/work"), pathlib.Path("/mnt")]
names = {"perceptron.ipynb", "gradebook.db", "nbgrader_config.py", "not-graded.txt", "id_rsa", ".netrc"}
for place in places:
    for folder, _, files in os.walk(place):
        if folder.startswith(("/proc", "/sys", "/usr", "/dev")) or "site-packages" in folder: continue
        if names & set(files): print("FOUND", folder, files)
for path in ("../../../gradebook.db", "../../../source/01-perceptron/perceptron.ipynb", "/etc/passwd", "/etc/shadow",
             "../../other/01-perceptron/perceptron.ipynb", os.path.expanduser("~/.ssh/id_rsa")):
    try:
        open(path).close()
        print("FOUND", path)
    except OSError:
        pass
"""
GRADEBOOK = """
import glob, sqlite3, subprocess
paths = glob.glob("/**/gradebook.db", recursive=True) + glob.glob("/proc/*/root/**/gradebook.db", recursive=True)
for path in paths:
    print("FOUND", path)
    sqlite3.connect(path).execute("update grade set manual_score = 200")
"""
NETWORK = """
import socket, urllib.request
for where in (("127.0.0.1", 22), ("127.0.0.1", 8888), ("8.8.8.8", 53), ("192.0.2.1", 80)):
    try:
        socket.create_connection(where, timeout=0.3)
        print("FOUND", where)
    except OSError:
        pass
for family in (socket.AF_INET, socket.AF_INET6):
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.sendto(b"x", ("8.8.8.8", 53))
            print("FOUND")
    except OSError:
        pass
try:
    urllib.request.urlopen("http://example.com/", timeout=0.5)
    print("FOUND")
except OSError:
    pass
"""
PROCESSES = """
import os, signal
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) == os.getpid(): continue
    for name in ("environ", "mem", "maps", "fd/3", "root/home", "cwd"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                file.seek(0)
                print("FOUND", pid, name, len(file.read(100)))
        except (OSError, ValueError):
            pass
for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGINT, signal.SIGHUP):
    try:
        os.kill(1, number)
    except OSError:
        pass
"""
PTRACE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, 1, 0, 0) == 0 or libc.ptrace(16, os.getppid(), 0, 0) == 0: print("FOUND")
try:
    with open("/proc/1/mem", "r+b") as memory: print("FOUND")
except OSError:
    pass
"""
ESCAPES = """
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000):   # new user, mount, network, process namespaces
    if libc.unshare(flag) == 0: print("FOUND unshare", hex(flag))
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 or libc.umount(b"/tmp") == 0: print("FOUND mount")
if libc.chroot(b"/tmp") == 0 or libc.setuid(0) == 0: print("FOUND root")
for path in ("/usr/x", "/x", "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
             "/dev/x", "/sys/x", os.__file__, np.__file__, check.__file__):
    try:
        open(path, "a").close()
        print("FOUND", path)
    except OSError:
        pass
for tool in ("bwrap --unshare-user --ro-bind / / id -u", "sudo -n id", "su -c id", "docker ps", "mount"):
    out = subprocess.run(tool, shell=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    if out.strip() in ("0", "uid=0(root)"): print("FOUND", tool)
"""


def shadows(folder):
    evil = "print('FOUND')\nraise RuntimeError('the wrong module')\n"
    for name in ("numpy.py", "helpers.py", "helpers/__init__.py", "check.py", "sitecustomize.py", "usercustomize.py",
                 "math.py", "json.py", "matplotlib/__init__.py", "ipython_config.py", ".ipython/profile_default/startup/x.py",
                 "conftest.py", "nbgrader_config.py", ".pth"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(evil)


def links(folder):
    os.symlink("/etc/passwd", folder / "passwd.txt")
    os.symlink("/", folder / "everything")
    os.symlink(folder.parents[2] / "gradebook.db", folder / "gradebook.db")
    os.symlink(folder.parents[2] / "source", folder / "source")
    os.symlink("loop", folder / "loop")
    os.mkfifo(folder / "pipe")
    (folder / "large.bin").write_bytes(b"")
    os.truncate(folder / "large.bin", 10**12)


READS_LINKS = """
import os
for name in ("passwd.txt", "everything/etc", "gradebook.db", "source", "loop", "pipe", "large.bin"):
    if os.path.lexists(name): print("FOUND", name)
"""
READS_OWN = """
with open("weights.csv") as file: assert file.read() == "1,2"
with open("more/deep.txt") as file: assert file.read() == "3"
print("read")
"""


def own_data(folder):
    (folder / "weights.csv").write_text("1,2")
    (folder / "more").mkdir()
    (folder / "more" / "deep.txt").write_text("3")


CASES = [
    Case("masters-searched", "reading the master and other files by relative and absolute path", before=SEARCH),
    Case("gradebook-written", "every grade set to 200", lost=ALL, start=OPEN, before=GRADEBOOK),
    Case("network", "connections, name look-ups, downloads", before=NETWORK),
    Case("processes-searched", "other processes' memory and environment; signals to process 1", before=PROCESSES),
    Case("ptrace", "the warm process traced", before=PTRACE),
    Case("escapes", "namespaces, mounts, root, writing into the environment", before=ESCAPES),
    Case("shadowing-files", "numpy.py and others beside the notebook", beside=shadows,
         before="import numpy, json, math, helpers, matplotlib"),
    Case("links", "symbolic links, a pipe and a terabyte beside the notebook", beside=links, before=READS_LINKS),
    Case("own-data", "a file of one's own beside the notebook is there", beside=own_data,
         cells={"task-1-step": READS_OWN + "def step(phi):\n    return (np.asarray(phi) > 0).astype(int)"}, start=WORKED),
]  # fmt: skip
