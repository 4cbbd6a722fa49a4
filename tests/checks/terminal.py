"""Commands on a terminal, and what they leave on its screen, for checks that show it."""

import fcntl
import os
import pty
import re
import struct
import termios

COLOURS = {"31": "red", "32": "green", "33": "yellow", "36": "cyan", "39": None, "0": None, "": None}


def on_terminal(command, cwd, environment, columns=200):
    """All that the command writes on a terminal of its own, piece by piece as it comes."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execvpe(command[0], command, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:  # the other side is closed
            piece = b""
        if not piece:
            break
        yield piece.decode("utf-8", "replace")
    os.close(terminal)
    os.waitpid(child, 0)


class Screen:
    """The lines of a terminal, each a list of (character, colour), as far as leat's own control sequences go."""

    def __init__(self):
        self.lines = [[]]
        self._row = self._column = 0
        self._colour = None

    def feed(self, text):
        for match in re.finditer(r"\x1b\[([0-9;]*)([A-Za-z])|(.)", text, re.DOTALL):
            number, kind, character = match.groups()
            if character == "\r":
                self._column = 0
            elif character == "\n":
                self._row += 1
                if self._row == len(self.lines):
                    self.lines.append([])
            elif character is not None:
                line = self.lines[self._row]
                line += [(" ", None)] * (self._column + 1 - len(line))
                line[self._column] = (character, self._colour)
                self._column += 1
            elif kind == "m":
                self._colour = COLOURS[number]
            elif kind in "JK":
                del self.lines[self._row][self._column:]
                if kind == "J":
                    del self.lines[self._row + 1:]
            elif kind == "A":
                self._row = max(0, self._row - int(number or 1))
            else:
                raise ValueError(f"a control sequence that is not known here: {match.group()!r}")

    def text(self):
        return ["".join(character for character, _ in line).rstrip() for line in self.lines]


def without_measures(text):
    """The text with # for what is different in each run: times, rates and ratios; without how a comparison words them."""
    lines = []
    for line in text.replace("\r", "").splitlines():
        line = re.sub(r"( differs from \S+:) its .*", r"\1", line)
        if re.match(r" *(ratio,|median|p99|rate) ", line):
            line = re.sub(r"\d[\d.]*", "#", line)
        line = re.sub(r"\d[\d.]* ([kMG]?B/s|records/s)", "#/s", line)
        line = re.sub(r"\d[\d.]* (us|ms|s)\b", "# s", line)
        lines.append(re.sub(r" +", " ", line).strip())
    return lines
