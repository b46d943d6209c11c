"""Stand-in hosts for tests."""

import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
TOOL = os.path.join(ROOT, "stand-in")
LIMIT = 60

sys.path.insert(0, os.path.join(ROOT, "lib"))

Outcome = collections.namedtuple("Outcome", "out err status")


class StandIn:
    """A host of its own, with a base for jails at /jails/base; a context manager."""

    def __init__(self, *settings):
        self.directory = tempfile.mkdtemp(prefix="stand-in-")
        subprocess.run([TOOL, "make", self.directory, *settings], check=True)
        base = os.path.join(ROOT, "transcripts", "base.sh")
        made = self.run(". " + base)
        if made.status:
            raise AssertionError(made)
        self.base = self.tool("assert-empty").out.splitlines()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        subprocess.run([TOOL, "remove", self.directory], check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, line, text=b"", **environment):
        """What a line of sh(1) on the host makes."""
        done = subprocess.run(
            [TOOL, "run", self.directory, "--", "/bin/sh", "-c", line], input=text,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT, check=False,
            env=dict(os.environ, **environment))
        return Outcome(done.stdout.decode(), done.stderr.decode(), done.returncode)

    def tool(self, *words):
        done = subprocess.run([TOOL, words[0], self.directory, *words[1:]], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
        return Outcome(done.stdout.decode(), done.stderr.decode(), done.returncode)

    def state(self):
        return json.loads(self.tool("show").out)

    def left(self):
        """What the host has that it had not at first."""
        return [line for line in self.tool("assert-empty").out.splitlines()
                if line not in self.base]

    def jails(self):
        """The names of the jails that are there."""
        self.tool("assert-empty")  # What has ended is collected.
        return [jail["name"] for jail in self.state()["jails"].values()]


class OnAHost(unittest.TestCase):
    """Tests that share a fresh host."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="stand-in-")
        cls.tool("make", cls.directory)

    @classmethod
    def tearDownClass(cls):
        cls.tool("remove", cls.directory)
        shutil.rmtree(cls.directory, ignore_errors=True)

    @classmethod
    def tool(cls, *words):
        return subprocess.run([TOOL] + list(words), check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)

    def line(self, text):
        """(lines of stdout, lines of stderr, status) of a shell line on the host."""
        done = subprocess.run([TOOL, "run", self.directory, "--", "sh", "-c", text], cwd="/",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, check=False)
        return done.stdout.splitlines(), done.stderr.splitlines(), done.returncode
