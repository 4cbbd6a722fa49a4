"""What the scripts share that run `leat bench` many times: the client runs on core 0, and an origin on core 1."""

import argparse
import json
import os
import subprocess
import sys


def parser_of(runs):
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release")
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--seconds", type=float, default=1, help="that each run, or each side of it, measures for")
    parser.add_argument("--connections", type=int, default=8)
    return parser


class Runs:
    """Runs as the options say, against an origin that lives as long as the `with`."""

    def __init__(self, options):
        self._options = options
        self._build = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", options.preset)

    def __enter__(self):
        self._origin = subprocess.Popen(
            ["taskset", "-c", "1", os.path.join(self._build, "tests", "origin"), "--port", "0", "--parent-pid-exit",
             "--no-count-paths"], stdout=subprocess.PIPE, text=True)
        self.base = "http://127.0.0.1:" + self._origin.stdout.readline().strip().rsplit(":", 1)[1]
        return self

    def __exit__(self, *_):
        self._origin.kill()
        self._origin.wait()

    def document(self, *words):
        """What one run says, as --format json has it; ends the script if the run does not end well."""
        run = subprocess.run(["taskset", "-c", "0", os.path.join(self._build, "leat"), "bench", "--threads", "1", "-c",
                              str(self._options.connections), "-z", f"{self._options.seconds}s", "--format", "json", *words],
                             capture_output=True, text=True, timeout=60 + 10 * self._options.seconds)
        if run.returncode != 0:
            sys.exit(f"leat bench ended with {run.returncode}: {run.stderr}")
        return json.loads(run.stdout)
