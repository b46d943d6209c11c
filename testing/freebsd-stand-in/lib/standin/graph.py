"""The netgraph(4) of each network stack: its nodes, and the hooks between them.

The records of nodes are in state["nodes"], by the stack and the number of the node ("0/1a"). Every
card has an ether(4) node, as if ng_ether had been loaded when the system started; ng_eiface(4) and
ng_bridge(4) are a card and a bridge on Linux.
"""

from . import network
from .errors import (EADDRINUSE, EEXIST, EINVAL, ENOENT, ENOSYS, ENOTCONN, EPFNOSUPPORT,
                     KernelError)

LONGEST_NAME = 31
#: In the order of `ngctl types`.
TYPES = ("socket", "hole", "ether", "ksocket", "eiface", "iface", "bridge")
_MADE = ("hole", "eiface", "bridge")


def fresh_nodes():
    return {"0/1": _record(0, 1, "ether", "vtnet0", "1")}


def _record(vnet, number, kind, name, interface=None):
    return {"vnet": vnet, "id": number, "type": kind, "name": name, "hooks": [],
            "interface": interface}


def _key(vnet, number):
    return "%d/%x" % (vnet, number)


def add(state, vnet, kind, name="", interface=None):
    """A new node; one whose name is taken has none. Returns its key."""
    number = state["node_ids"].get(str(vnet), 0) + 1
    state["node_ids"][str(vnet)] = number
    if named(state, vnet, name) is not None:
        name = ""
    key = _key(vnet, number)
    state["nodes"][key] = _record(vnet, number, kind, name, interface)
    return key


def named(state, vnet, name):
    for key, node in state["nodes"].items():
        if node["vnet"] == vnet and node["name"] == name and name:
            return key
    return None


# ---- the nodes of cards

def _card_name(one):
    return one["name"].replace(".", "_").replace(":", "_")[:LONGEST_NAME]


def _ether_node(state, key):
    for number, node in state["nodes"].items():
        if node["type"] == "ether" and node["interface"] == key:
            return number
    return None


def attach(state, key, moved=False):
    """A card came into a stack. ng_eiface(4)'s has a node of its own, and another only once moved."""
    one = state["interfaces"][key]
    if network.KINDS[one["kind"]].ether and (moved or one["kind"] != "eiface"):
        add(state, one["vnet"], "ether", _card_name(one), key)


def detach(state, key):
    number = _ether_node(state, key)
    if number is not None:
        Graph(network.Stack(state, state["nodes"][number]["vnet"])).drop(number)


def renamed(state, key):
    """The node has the new name too, if that is free."""
    number = _ether_node(state, key)
    name = _card_name(state["interfaces"][key])
    if number is not None and named(state, state["nodes"][number]["vnet"], name) is None:
        state["nodes"][number]["name"] = name


def vnet_gone(state, vnet):
    for number, node in list(state["nodes"].items()):
        if node["vnet"] == vnet:
            del state["nodes"][number]
    state["node_ids"].pop(str(vnet), None)


def renumber(state, old, new):
    """A stack has another number."""
    for key, node in list(state["nodes"].items()):
        if node["vnet"] == old:
            del state["nodes"][key]
            node["vnet"] = new
            state["nodes"][_key(new, node["id"])] = node
    if str(old) in state["node_ids"]:
        state["node_ids"][str(new)] = state["node_ids"].pop(str(old))


def left(state):
    return ["node %s (%s)" % (node["name"] or "[%x]" % node["id"], node["type"])
            for node in state["nodes"].values()
            if node["type"] != "ether" or node["hooks"]]


# ---- what ngctl(8) can ask for

class Graph:
    def __init__(self, stack):
        self.stack = stack
        self.state = stack.state
        self.nodes = stack.state["nodes"]

    def all(self):
        """(key, node) of a stack, in the order of the kernel's table of numbers."""
        here = [(key, node) for key, node in self.nodes.items() if node["vnet"] == self.stack.vnet]
        slots = 16
        while len(here) * 2 > slots - 1:
            slots *= 2
        return sorted(here, key=lambda entry: (entry[1]["id"] % slots, -entry[1]["id"]))

    def find(self, path, origin):
        """The node that a path leads to, from a node."""
        name, colon, hooks = path.partition(":")
        if not colon:
            name, hooks = "", path
        elif not name:
            raise KernelError("", EINVAL)
        if name in ("", "."):
            key = origin
        elif name[0] == "[" and name[-1] == "]":
            try:
                key = _key(self.stack.vnet, int(name[1:-1], 16))
            except ValueError:
                raise KernelError("", ENOENT) from None
        else:
            key = named(self.state, self.stack.vnet, name)
        if key not in self.nodes:
            raise KernelError("", ENOENT)
        for hook in hooks.split("."):
            if hook:
                entry = self.hook(key, hook)
                if entry is None:
                    raise KernelError("", ENOENT)
                key = entry["peer"]
        return key

    def hook(self, key, name):
        for entry in self.nodes[key]["hooks"]:
            if entry["name"] == name:
                return entry
        return None

    def _allow(self, key, name):
        """Whether a node takes a hook of this name."""
        kind = self.nodes[key]["type"]
        if not name or "." in name or ":" in name:
            raise KernelError("", EINVAL)
        if self.hook(key, name) is not None:
            raise KernelError("", EEXIST)
        if kind == "eiface" and name != "ether":
            raise KernelError("", EPFNOSUPPORT)
        if kind == "ether" and name not in ("lower", "upper", "orphan", "divert"):
            raise KernelError("", EINVAL)
        if kind == "bridge":
            self._allow_link(name)

    def _allow_link(self, name):
        newer = self.stack.release >= (13, 0)
        for prefix in ("link", "uplink") if newer else ("link",):
            digits = name[len(prefix):]
            if name.startswith(prefix) and digits.isdigit() and str(int(digits)) == digits:
                if (newer or int(digits) < 32) and (prefix == "link" or int(digits)):
                    return
        raise KernelError("", EINVAL)

    def connect(self, key, hook, peer, peer_hook):
        hook, peer_hook = hook[:LONGEST_NAME], peer_hook[:LONGEST_NAME]
        self._allow(key, hook)
        if key == peer and hook == peer_hook:
            raise KernelError("", EEXIST)
        self._allow(peer, peer_hook)
        self.nodes[key]["hooks"].insert(0, {"name": hook, "peer": peer, "peer_hook": peer_hook})
        self.nodes[peer]["hooks"].insert(0, {"name": peer_hook, "peer": key, "peer_hook": hook})
        self._wire(key, hook)

    def make_peer(self, key, kind, hook, peer_hook):
        if kind not in _MADE:
            # A type that is not there is looked for as a module, ng_TYPE.
            raise KernelError("", ENOENT if kind not in TYPES else EINVAL)
        peer = self._make(kind)
        try:
            self.connect(key, hook, peer, peer_hook)
        except KernelError:
            self.drop(peer)
            raise

    def _make(self, kind):
        vnet = self.stack.vnet
        if kind == "eiface":
            taken = {node["unit"] for node in self.nodes.values()
                     if node["type"] == "eiface" and node["vnet"] == vnet}
            unit = 0
            while unit in taken:
                unit += 1
            key = add(self.state, vnet, kind, "ngeth%d" % unit)
            self.nodes[key]["unit"] = unit
            self.nodes[key]["interface"] = self.stack.make_eiface(unit)
            return key
        key = add(self.state, vnet, kind)
        node = self.nodes[key]
        if kind == "bridge":
            node["persistent"] = False
            node["linux"] = "sibr%x.%d" % (node["id"], vnet)
            self._on_linux(lambda space: (space.make_bridge(node["linux"], None),
                                          space.change(node["linux"], up=True)))
        return key

    def _on_linux(self, act):
        space = self.stack.wires.space(self.stack.vnet)
        if space is not None:
            try:
                act(space)
            except OSError:
                pass

    def remove_hook(self, key, name):
        """NGM_RMHOOK: of a hook that is not there nothing is said."""
        entry = self.hook(key, name)
        if entry is None:
            return
        self._unwire(key, entry)
        self.nodes[key]["hooks"].remove(entry)
        peer = self.nodes.get(entry["peer"])
        if peer is not None:
            peer["hooks"] = [other for other in peer["hooks"]
                             if other["name"] != entry["peer_hook"]]
        for one in (entry["peer"], key):
            node = self.nodes.get(one)
            if node is not None and not node["hooks"] and (
                    node["type"] == "hole" or node["type"] == "bridge" and not node["persistent"]):
                self.drop(one)

    def drop(self, key):
        """A node is no more, with its hooks and its card."""
        node = self.nodes[key]
        for entry in list(node["hooks"]):
            self.remove_hook(key, entry["name"])
        if self.nodes.pop(key, None) is None:
            return
        if node["type"] == "eiface" and node["interface"] in self.state["interfaces"]:
            self.stack.forget(node["interface"])
        if node["type"] == "bridge":
            self._on_linux(lambda space: space.delete(node["linux"]))

    def shut_down(self, key):
        """NGM_SHUTDOWN: a card's node loses its hooks, and stays."""
        node = self.nodes[key]
        if node["type"] == "ether":
            for entry in list(node["hooks"]):
                self.remove_hook(key, entry["name"])
            self._card(node)["flags"] &= ~network.PROMISC
        else:
            self.drop(key)

    def rename(self, key, name):
        """NGM_NAME."""
        name = name[:LONGEST_NAME]
        if not name or "." in name or ":" in name or _is_number(name):
            raise KernelError("", EINVAL)
        if named(self.state, self.stack.vnet, name) is not None:
            raise KernelError("", EADDRINUSE)
        self.nodes[key]["name"] = name

    def _card(self, node):
        return self.state["interfaces"][node["interface"]]

    # -- Linux

    def _ends(self, key, entry):
        """The node and the hook of both ends, the bridge last."""
        node, peer = self.nodes[key], self.nodes.get(entry["peer"])
        ends = [(node, entry["name"]), (peer, entry["peer_hook"])]
        if peer is not None and node["type"] == "bridge" != peer["type"]:
            ends.reverse()
        return ends

    def _wire(self, key, hook):
        (node, name), (bridge, _) = self._ends(key, self.hook(key, hook))
        if bridge["type"] != "bridge":
            return
        if node["type"] == "bridge":
            ends = ["sibb%x.%x.%d" % (one["id"], other["id"], self.stack.vnet)
                    for one, other in ((node, bridge), (bridge, node))]
            self._on_linux(lambda space: (
                space.make_pair(*ends),
                space.change(ends[0], up=True, master=node["linux"]),
                space.change(ends[1], up=True, master=bridge["linux"])))
        elif node["type"] == "eiface":
            self._on_linux(lambda space: space.change(self._card(node)["wire"],
                                                      master=bridge["linux"]))
        elif node["type"] == "ether" and name == "lower":
            network._quietly(self.stack.wires.member, self._card(node), bridge["linux"])

    def _unwire(self, key, entry):
        (node, name), (bridge, _) = self._ends(key, entry)
        if bridge is None or bridge["type"] != "bridge":
            return
        if node["type"] == "bridge":
            self._on_linux(lambda space: space.delete(
                "sibb%x.%x.%d" % (node["id"], bridge["id"], self.stack.vnet)))
        elif node["type"] == "eiface":
            if node["interface"] in self.state["interfaces"]:
                self._on_linux(lambda space: space.change(self._card(node)["wire"], master=""))
        elif node["type"] == "ether" and name == "lower":
            network._quietly(self.stack.wires.member, self._card(node), None)

    # -- messages

    def message(self, key, command, arguments):
        """Sends a node a message in text; returns what answers: (command, number, text), or None."""
        node = self.nodes[key]
        answer = _MESSAGES.get((node["type"], command))
        if answer is None:
            raise KernelError("", ENOSYS)
        number, act = answer
        text = act(self, node, arguments)
        return None if text is None else (command, number, text)


def _is_number(name):
    return len(name) > 2 and name[0] == "[" and name[-1] == "]" \
        and all(digit in "0123456789abcdefABCDEF" for digit in name[1:-1])


def _number(arguments):
    if len(arguments) != 1 or not arguments[0].isdigit():
        raise KernelError("", EINVAL)
    return int(arguments[0])


def _getifname(graph, node, arguments):
    return '"%s"' % graph._card(node)["name"]


def _getifindex(graph, node, arguments):
    return str(graph._card(node)["index"])


def _getenaddr(graph, node, arguments):
    return graph._card(node)["mac"]


def _setenaddr(graph, node, arguments):
    mac = network.parse_mac(arguments[0]) if len(arguments) == 1 else None
    if mac is None:
        raise KernelError("", EINVAL)
    graph.stack.set_mac(graph._card(node), mac)


def _setpromisc(graph, node, arguments):
    one = graph._card(node)
    if _number(arguments):
        one["flags"] |= network.PROMISC
    else:
        one["flags"] &= ~network.PROMISC


def _getpromisc(graph, node, arguments):
    return str(int(bool(graph._card(node)["flags"] & network.PROMISC)))


def _setautosrc(graph, node, arguments):
    node["autosrc"] = int(bool(_number(arguments)))


def _getautosrc(graph, node, arguments):
    return str(node.get("autosrc", 1))


def _getstats(graph, node, arguments):
    _link(graph, node, arguments)
    return "{ }"


def _clrstats(graph, node, arguments):
    _link(graph, node, arguments)


def _link(graph, node, arguments):
    number = _number(arguments)
    if not any(entry["name"] == "link%d" % number for entry in node["hooks"]):
        raise KernelError("", ENOTCONN)


def _nothing(graph, node, arguments):
    return None


def _empty(graph, node, arguments):
    return "{ }"


def _setpersistent(graph, node, arguments):
    node["persistent"] = True


_MESSAGES = {
    ("eiface", "set"): (1, _setenaddr),
    ("eiface", "getifname"): (2, _getifname),
    ("ether", "getifname"): (1, _getifname),
    ("ether", "getifindex"): (2, _getifindex),
    ("ether", "getenaddr"): (3, _getenaddr),
    ("ether", "setenaddr"): (4, _setenaddr),
    ("ether", "getpromisc"): (5, _getpromisc),
    ("ether", "setpromisc"): (6, _setpromisc),
    ("ether", "getautosrc"): (7, _getautosrc),
    ("ether", "setautosrc"): (8, _setautosrc),
    ("bridge", "reset"): (3, _nothing),
    ("bridge", "getstats"): (4, _getstats),
    ("bridge", "clrstats"): (5, _clrstats),
    ("bridge", "getclrstats"): (6, _getstats),
    ("bridge", "gettable"): (7, _empty),
    ("bridge", "setpersistent"): (8, _setpersistent),
}
