"""The example jng: for each card of the host an ng_bridge(4), and for a jail an ng_eiface(4) at it."""

import re
import sys

from .. import network
from ..example import Example
from ..errors import Exit

_BRIDGE = "bridge [-b BRIDGE_NAME] NAME [!|=]iface0 [[!|=]iface1 ...]"
_SHUTDOWN = "shutdown NAME"
_STATS = "stats NAME"
_GRAPH = "graph [-f] [-T type] [-o output]"
_LINK = re.compile(r"ng[0-9]+_")


def run(host, name, arguments):
    return _Jng(host).do(arguments)


class _Jng(Example):
    usages = {
        "bridge": ("bridge", _BRIDGE, "Create ng0_NAME [ng1_NAME ...]"),
        "graph": ("draw", _GRAPH, "Generate network graph (default output is `jng.svg')"),
        "show": ("show", "show", "List possible NAME values for `show NAME'"),
        "show1": (None, "show NAME", "Lists ng0_NAME [ng1_NAME ...]"),
        "shutdown": ("shut_down", _SHUTDOWN, "Shutdown ng0_NAME [ng1_NAME ...]"),
        "stats": ("stats", _STATS, "Show ng_bridge link statistics for NAME interfaces"),
    }

    def bridge(self, words):
        bridge, words = self.bridge_of(words, _BRIDGE)
        name = self.name_of(words, _BRIDGE, 2)
        self.must_be_root()
        for number, card in enumerate(words[1:]):
            self._add(name, number, card, bridge)

    def _add(self, name, number, card, bridge):
        mode = card[0] if card[0] in "!=" else ""
        card = card[len(mode):]
        link = "ng%d_%s" % (number, name)
        if self.quietly("ngctl", "msg", link + ":", "getifname") == 0:
            return
        self.step("ifconfig", card, "up")
        self.step("ngctl", "msg", card + ":", "setpromisc", "1")
        self.step("ngctl", "msg", card + ":", "setautosrc", "0")
        if self.quietly("ngctl", "info", card + "bridge:") != 0:
            self.step("ngctl", "mkpeer", card + ":", "bridge", "lower", "link0")
            self.step("ngctl", "connect", card + ":", card + ":lower", "upper", "link1")
            self.step("ngctl", "name", card + ":lower", card + "bridge")
        if bridge != "bridge" and self.quietly("ngctl", "info", card + bridge + ":") != 0:
            free = self._free_link(card + "bridge")
            self.step("ngctl", "mkpeer", card + ":lower", "bridge", "link%d" % free, "link1")
            self.step("ngctl", "name", "%sbridge:link%d" % (card, free), card + bridge)
        path = "%s%s:link%d" % (card, bridge, self._free_link(card + bridge))
        self.step("ngctl", "mkpeer", card + bridge + ":", "eiface", path.partition(":")[2], "ether")
        # What an interface may be called at most.
        link = link[:network.LONGEST_NAME]
        made = self.output("ngctl", "show", "-n", path).split()[1]
        self.step("ngctl", "name", path, link)
        self.step("ifconfig", made, "name", link)
        self.step("ifconfig", link, "up")
        if mode != "!":
            mac = self.derive_mac(card, name)[0] if not mode else self._mac(card)
            self.step("ifconfig", link, "ether", mac)

    def _free_link(self, bridge):
        number = 2
        while self.quietly("ngctl", "msg", bridge + ":", "getstats", str(number)) == 0:
            number += 1
        return number

    def _mac(self, card):
        with self.host.locked() as state:
            return network.find(state, network.HOST, card)[1]["mac"]

    def _nodes(self, kind):
        with self.host.locked() as state:
            return [node["name"] for node in state["nodes"].values()
                    if node["vnet"] == network.HOST and node["type"] == kind]

    def _links(self, name):
        return sorted(node for node in self._nodes("eiface")
                      if _LINK.match(node) and _LINK.sub("", node, 1) == name)

    def show(self, words):
        if words[:1] and words[0].startswith("-"):
            self.refuse("show [NAME]")
        self.must_be_root()
        if words:
            for one in self._links(words[0]):
                print(one)
            return
        with self.host.locked() as state:
            names = {state["nodes"][entry["peer"]]["name"]
                     for node in state["nodes"].values() if node["type"] == "bridge"
                     for entry in node["hooks"]}
        for name in sorted({_LINK.sub("", one, 1) for one in names if _LINK.match(one)}):
            print(name)

    def shut_down(self, words):
        name = self.name_of(words, _SHUTDOWN, 1, 1)
        self.must_be_root()
        failed = False
        for one in self._links(name):
            try:
                self.step("ngctl", "shutdown", one + ":")
            except Exit:
                failed = True
        return int(failed)

    def stats(self, words):
        name = self.name_of(words, _STATS, 1, 1)
        self.must_be_root()
        for one in self._links(name):
            print(one + ":")

    def draw(self, words):
        self.must_be_root()
        print("jng: dot: not found", file=sys.stderr)
        return 127
