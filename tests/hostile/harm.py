"""Harm to the machine: processes that stay, memory, disk, and whatever else can be used up."""

from . import Case

DAEMON = """
import os, subprocess, sys, time
code = "import os, signal, time\\nfor n in range(1, 32):\\n try: signal.signal(n, signal.SIG_IGN)\\n except OSError: pass\\n"
code += "time.sleep(600) #hostile-daemon"
for _ in range(3):
    subprocess.Popen([sys.executable, "-S", "-c", code], start_new_session=True, close_fds=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        while True: time.sleep(1)
    os._exit(0)
"""
FORK_BOMB = """
import os
while True:
    try: os.fork()
    except OSError: pass
"""
THREADS = """
import threading, time
def idle(): time.sleep(600)
try:
    for _ in range(5000): threading.Thread(target=idle, daemon=True).start()
except RuntimeError: pass
"""
MEMORY = """
blocks = []
try:
    while True: blocks.append(bytearray(50_000_000))
except MemoryError:
    pass
"""
MEMORY_OF_CHILDREN = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        blocks = []
        try:
            while True: blocks.append(bytearray(20_000_000))
        except MemoryError: pass
        time.sleep(600)
time.sleep(600)
"""
FILES_WITHOUT_NAME = """
import os
kept = []
block = bytes(1 << 20)
try:
    while True:
        fd = os.memfd_create("x")
        kept.append(fd)
        for _ in range(60): os.write(fd, block)
except OSError:
    for fd in kept: os.close(fd)
"""
DISK = """
import os
block = bytes(1 << 20)
for folder in ("/tmp", "/dev/shm"):
    try:
        for number in range(10**6):
            with open(f"{folder}/fill-{number}", "wb") as file:
                for _ in range(60): file.write(block)
    except OSError as error:
        print(error)
"""
ONE_FILE = """
try:
    with open("one", "wb") as file:
        for _ in range(10**4): file.write(bytes(1 << 20))
    print("FOUND")
except OSError as error:
    print(error)
"""
INODES = """
import os
for number in range(10**7): os.mkdir(f"/tmp/{number}")
"""
STUBBORN = """
import os
path = "/tmp/locked"
for _ in range(150):
    os.mkdir(path)
    path += "/x"
os.chmod("/tmp/locked/x/x/x", 0)
os.chmod("/tmp/locked", 0)
os.makedirs("/dev/shm/secret/inside")
open("/dev/shm/secret/inside/note", "w").write("for the next one")
os.chmod("/dev/shm/secret/inside", 0)
"""
LOOKS_FOR_LEFTOVERS = """
import os, pathlib, sys
environment = {part for folder in sys.path for part in pathlib.Path(folder).parts[2:3]}
for folder in ("/tmp", "/dev/shm"):
    for path in pathlib.Path(folder).iterdir():
        if path.name not in {".matplotlib", ".ipython", ".cache", ".config", ".fontconfig", *environment}: print("FOUND", path)
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) not in (1, os.getpid()): print("FOUND", pid)
"""
DESCRIPTORS = """
import os, socket
kept = []
try:
    while True: kept.append(socket.socketpair())
except OSError:
    pass
try:
    while True: kept.append(os.pipe())
except OSError:
    pass
for pair in kept:
    for end in pair: end.close() if hasattr(end, "close") else os.close(end)
"""
SHARED_MEMORY = """
import ctypes, ctypes.util
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for number in range(40):
    segment = libc.shmget(0x1000 + number, 100 << 20, 0o1666)
    if segment < 0: break
    address = libc.shmat(segment, None, 0)
    ctypes.memset(address, 1, 100 << 20)
    libc.shmdt(ctypes.c_void_p(address))
"""

CASES = [
    Case("daemon", "processes that outlive their grading", before=DAEMON),
    Case("fork-bomb", "processes without end", before=FORK_BOMB, says="processes"),
    Case("threads-without-end", "5000 threads", before=THREADS),
    Case("memory", "all the memory that there is", before=MEMORY),
    Case("memory-of-children", "all the memory, taken by processes that it starts", before=MEMORY_OF_CHILDREN,
         says="more than 0.6 GB of memory"),
    Case("memory-of-files", "memory in files without a name", before=FILES_WITHOUT_NAME),
    Case("memory-shared", "memory that belongs to no process", before=SHARED_MEMORY),
    Case("disk", "the disk filled", before=DISK),
    Case("one-large-file", "a file of 10 GB", before=ONE_FILE),
    Case("inodes", "files without end", before=INODES, says="files"),
    Case("files-that-stay", "folders that cannot be removed", before=STUBBORN),
    Case("leftovers-searched", "what an earlier submission left", before=LOOKS_FOR_LEFTOVERS),
    Case("leftovers-searched-again", "the same, in the other worker", before=LOOKS_FOR_LEFTOVERS),
    Case("descriptors", "file descriptors without end", before=DESCRIPTORS),
]  # fmt: skip
