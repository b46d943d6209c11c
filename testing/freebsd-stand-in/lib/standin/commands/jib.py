"""The example jib: for each card of the host a bridge, and for a jail an epair(4) in it."""

import re

from .. import network
from ..example import Example
from ..errors import Exit

_ADDM = "addm [-b BRIDGE_NAME] NAME [!]iface0 [[!]iface1 ...]"
_DESTROY = "destroy NAME"
_END = re.compile(r"e[0-9]+a_")


def run(host, name, arguments):
    return _Jib(host).do(arguments)


class _Jib(Example):
    usages = {
        "addm": ("add", _ADDM, "Creates e0b_NAME [e1b_NAME ...]"),
        "show": ("show", "show", "List possible NAME values for `show NAME'"),
        "show1": (None, "show NAME", "Lists e0b_NAME [e1b_NAME ...]"),
        "destroy": ("destroy", _DESTROY, "Destroy e0b_NAME [e1b_NAME ...]"),
    }

    def add(self, words):
        bridge, words = self.bridge_of(words, _ADDM)
        name = self.name_of(words, _ADDM, 2)
        self.must_be_root()
        for number, card in enumerate(words[1:]):
            self._add(name, number, card, bridge)

    def _add(self, name, number, card, bridge):
        keeps_mac = card.startswith("!")
        card = card.lstrip("!")
        end_a, end_b = "e%da_%s" % (number, name), "e%db_%s" % (number, name)
        if self.quietly("ifconfig", end_a) == 0:
            return
        self.step("ifconfig", card, "up")
        if self.quietly("ifconfig", card + bridge) != 0:
            made = self.output("ifconfig", "bridge", "create")
            self.step("ifconfig", made, "addm", card)
            self.step("ifconfig", made, "name", card + bridge)
            self.step("ifconfig", card + bridge, "up")
        made = self.output("ifconfig", "epair", "create")
        self.step("ifconfig", card + bridge, "addm", made)
        self.step("ifconfig", made, "name", end_a)
        self.step("ifconfig", made[:-1] + "b", "name", end_b)
        self.step("ifconfig", end_a, "up")
        self.step("ifconfig", end_b, "up")
        if not keeps_mac:
            for end, mac in zip((end_a, end_b), self.derive_mac(card, name)):
                self.quietly("ifconfig", end, "ether", mac)

    def _ends(self, name):
        """The host's ends of a jail's links."""
        with self.host.locked() as state:
            names = [one["name"] for _, one in network.in_vnet(state, network.HOST)]
        found = [one for one in names if _END.match(one) and _END.sub("", one, 1) == name]
        return sorted(found)

    def show(self, words):
        if words[:1] and words[0].startswith("-"):
            self.refuse("show [NAME]")
        if words:
            for one in self._ends(words[0]):
                print(one)
            return
        with self.host.locked() as state:
            interfaces = state["interfaces"]
            names = {interfaces[entry["key"]]["name"]
                     for _, one in network.in_vnet(state, network.HOST)
                     for entry in one.get("members", ())}
        for name in sorted({_END.sub("", one, 1) for one in names if _END.match(one)}):
            print(name)

    def destroy(self, words):
        name = self.name_of(words, _DESTROY, 1, 1)
        self.must_be_root()
        failed = False
        for one in self._ends(name):
            try:
                self.step("ifconfig", one, "destroy")
            except Exit:
                failed = True
        return int(failed)
