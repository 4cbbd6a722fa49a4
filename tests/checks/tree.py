"""What the checks share: the files of a source tree, C++ text without its comments, and the report at the end."""

import os
import re
import subprocess
import sys

LAYERS = ("engine", "pipelines", "cli")


class Tree:
    """A source tree, and the faults found in it so far."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.faults = []
        self.files = self._from_git() or self._from_walk()

    def _from_git(self):
        """What git tracks or would add; nothing where the tree isn't the top of a git repository."""
        git = ["git", "-C", self.root]
        try:
            top = subprocess.run(git + ["rev-parse", "--show-toplevel"], capture_output=True, text=True)
            if top.returncode != 0 or os.path.realpath(top.stdout.rstrip("\n")) != self.root:
                return []
            names = subprocess.run(git + ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                   capture_output=True, text=True, check=True).stdout.split("\0")
        except (OSError, subprocess.CalledProcessError):
            return []
        return sorted({name for name in names if name and os.path.isfile(os.path.join(self.root, name))})

    def _from_walk(self):
        found = []
        for folder, folders, names in os.walk(self.root):
            if folder == self.root:
                folders[:] = [name for name in folders if name not in (".git", "build")]
            found += [os.path.relpath(os.path.join(folder, name), self.root) for name in names]
        return sorted(found)

    def path(self, name):
        return os.path.join(self.root, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    def cpp(self):
        return [name for name in self.files if name.endswith((".cpp", ".hpp"))]

    def fault(self, where, what):
        self.faults.append(f"{where}: {what}")

    def finish(self, looked_at):
        """Prints what was found, and ends the check."""
        for fault in self.faults:
            print(fault)
        if not looked_at:
            sys.exit("nothing to look at")
        sys.exit(1 if self.faults else 0)


def tree_of_arguments():
    """`CHECK [ROOT]`; without ROOT, the tree that the check stands in."""
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    return Tree(sys.argv[1] if len(sys.argv) > 1 else here)


_NOT_CODE = re.compile(r"""
    //(?:\\\n|[^\n])*                               # a line comment
  | /\*.*?\*/                                       # a block comment
  | \bR"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"  # a raw string
  | "(?:\\.|[^"\\\n])*"                             # a string
  | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'             # a character, not the ' inside 1'000
""", re.VERBOSE | re.DOTALL)


def without_comments_and_strings(text):
    """The same text, as many lines and columns, with blanks for comments and "" for what stands in quotes."""

    def blank(match):
        piece = re.sub(r"[^\n]", " ", match.group())
        return piece if match.group().startswith("/") else '"' + piece[1:-1] + '"'

    return _NOT_CODE.sub(blank, text)
