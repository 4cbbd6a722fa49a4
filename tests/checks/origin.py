"""The server that examples name, for checks that run them, and a network in which its port is free."""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

PORT = 8099
IN_NAMESPACE = "LEAT_DOCS_IN_NAMESPACE"


def enter_own_network():
    """Starts this check again in a network namespace that has nothing but loopback; stays here if it can't."""
    if os.environ.get(IN_NAMESPACE):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:  # ip link set lo up
            fcntl.ioctl(control, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))
        return
    for options in (["-n"], ["-rn"]) if os.geteuid() == 0 else (["-rn"],):
        try:
            if subprocess.run(["unshare", *options, "true"], stderr=subprocess.DEVNULL).returncode == 0:
                os.environ[IN_NAMESPACE] = "1"
                os.execvp("unshare", ["unshare", *options, sys.executable, "-B", *sys.argv])
        except OSError:
            return


class Origin:
    """A test origin on the port that the examples name, for the length of a `with`."""

    def __init__(self, tree):
        self._command = [tree.path("build/release/tests/origin"), "--port", str(PORT), "--parent-pid-exit"]

    def __enter__(self):
        self._folder = tempfile.mkdtemp()
        port_file = os.path.join(self._folder, "port")
        self._process = subprocess.Popen([*self._command, "--port-file", port_file], stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 10
        while not os.path.exists(port_file):
            if self._process.poll() is not None:
                raise RuntimeError(f"the origin did not start on port {PORT}: {self._process.stderr.read().strip()}")
            if time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the origin did not start within 10 s")
            time.sleep(0.005)

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder)
