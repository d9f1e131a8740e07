"""Drives a Python asyncore and asynchat for the conformance suite, over JSON Lines on standard input and output.

    python asyncore_adapter.py [--module asyncore=NAME] [--module asynchat=NAME]

It runs unchanged on CPython 2.7 and on 3.6 and later, needs nothing but the standard library, and drives whatever
modules it is told to import. Either name alone is enough: an asynchat brings the asyncore that it imported along.
Without arguments it drives the modules `asyncore` and `asynchat`.

Everything a scenario asks for is made afresh: channels of subclasses of `async_chat` and of the dispatchers, whose
methods record their calls, on scripted sockets and files that need no kernel, in maps of their own. Stand-ins for the
modules `socket`, `select`, `time`, `os` and `fcntl` take those modules' places in asyncore as long as the adapter runs;
they serve what belongs to a scenario and pass everything else on. Nothing is recorded before the first step.

A scenario `over` a transport has real sockets, and a peer that the runner plays. It is no `run` but a conversation:

    {"type": "begin", "id": N, "scenario": ..., "places": {CHANNEL: PLACE}}   makes everything, connected to the places
    {"type": "step", "id": N, "action": ...}                                  gives the events, and who is bound where
    {"type": "end", "id": N}                                                  closes everything

The channels are the same, on recorders of real sockets and descriptors, and the stand-ins for `select` and `time`
really wait. No wait lasts longer than its step says, and no call on a socket that blocks longer than a moment. Whatever
was opened is closed at the end of a conversation, however it ends.

What the stand-ins cannot replace is found out at the start. A port that waits by other means than `select.select` and
`select.poll` is asked for no pass, and its loop is run until it is quiet where sockets are real; one that makes its
sockets or files by other means is not asked to. What it lacks of the methods that no manual names is told in `missing`.
A port that asks a scripted socket for more than there is makes that scenario unsupported.

A port with another constructor or another way of telling a channel that something happened is driven by a program of
its own, which says only what is different. It is run in this file's place, with the same arguments:

    from asyncore_adapter import Adapter, main

    class MyAdapter(Adapter):
        asyncore_name = "mynet"
        asynchat_name = "mynet.chat"

        def make_dispatcher(self, dispatcher_class, sock, channel_map):
            return dispatcher_class(stream=sock, reactor=channel_map)

        make_channel = make_dispatcher

        def deliver_read(self, channel):
            channel.on_readable()

        def deliver_write(self, channel):
            channel.on_writable()

    if __name__ == "__main__":
        main(MyAdapter)

Every channel is then told so, a dispatcher like a chat; a port of asynchat alone tells only its chats otherwise.

The methods meant for that are those of `Adapter` up to `identify`:

    make_socket, make_channel, make_dispatcher, make_file_dispatcher, make_wrapper   how things are constructed
    connect_real, make_real_socket, open_pipe                                        the same, of real sockets and files
    new_map, default_map, use_default_map                                            where channels are registered
    set_socket, connect, bind, deliver_read, deliver_write, dispatch, readwrite      how a channel is told something
    poll, loop, close_all                                                            how the loop is driven
    features, real_features, identify                                                who the subject is

A map that such a method is given is None where a scenario means the default map.

Real sockets need nothing more of a port that takes any object with the methods of a socket. One with a connector of
its own overrides `connect_real(place)`, which gives a connected socket of the module `socket`; `place` has `family`,
`type` and `address`. One that asks a socket for more than `RealSocket` has gives a subclass of it in
`make_real_socket(script)`. An overridden `connect` or `bind` takes the address from `self.peer_address(channel)` or
`self.local_address(channel)`. One that cannot be given real sockets at all leaves the features out: its `real_features`
gives an empty list.
"""

import argparse
import binascii
import collections
import errno
import importlib
import inspect
import itertools
import json
import os
import platform
import re
import select
import signal
import socket
import sys
import threading
import time
import traceback
import types
import warnings

try:
    import fcntl
except ImportError:
    fcntl = None

PROTOCOL = 1
BATCH = 64
PRINTED_LIMIT = 4000
EVENT_LIMIT = 20000
EVENTS_FOR_A_CHARACTER = 4  # of a scenario's JSON: many small pieces are no endless loop
READ_SIZE = 1 << 20
FLUSH_SIZE = 1 << 18
PEER_ADDRESS = ("127.0.0.1", 9)
LOCAL_ADDRESS = ("127.0.0.1", 8)
FIRST_NUMBER = 100

# For how many seconds a real socket or file that blocks does so, and a connection is waited for in the set-up.
LONGEST_BLOCK = 1.0
LONGEST_CONNECT = 5.0

# How long a pass of a loop that is to settle may wait, how many bring nothing when it has, and how many there are at most.
SETTLING = 0.01
QUIET_PASSES = 2
MOST_PASSES = 1000

EXIT_OK = 0
EXIT_NO_MODULE = 3

KINDS = [
    "callbacks", "internals", "predicates", "waits", "socket", "log", "results", "flags", "classes", "texts",
]
PRODUCER_HOOKS = frozenset(("more",))
CHAT_HOOKS = frozenset((
    "collect_incoming_data", "found_terminator", "handle_connect", "handle_close", "handle_error", "log_info", "recv",
    "send", "close", "initiate_send", "refill_buffer",
))
DISPATCHER_HOOKS = frozenset((
    "handle_connect", "handle_close", "handle_error", "handle_read", "handle_write", "handle_expt", "handle_accept",
    "handle_accepted", "readable", "writable", "log_info", "recv", "send", "close", "initiate_send", "accept",
    "handle_read_event", "handle_write_event", "handle_expt_event", "handle_connect_event",
))
HOOKS = PRODUCER_HOOKS | CHAT_HOOKS | DISPATCHER_HOOKS

# The hooks that a port can well do without, as no manual speaks of them.
EVENT_HOOKS = ("handle_read_event", "handle_write_event", "handle_expt_event")

METHODS = frozenset((
    "handle_read_event", "handle_write_event", "handle_expt_event", "handle_connect_event", "handle_expt",
    "handle_accept", "handle_connect", "handle_close",
))
PREDICATES = frozenset(("readable", "writable"))
CALLS = frozenset(("close", "accept", "connect", "bind", "listen", "getsockopt", "setsockopt", "create", "dup"))
CLASSES = {"dispatcher": "dispatcher", "with_send": "dispatcher_with_send", "file": "file_dispatcher"}
FAMILIES = {"inet": "AF_INET", "inet6": "AF_INET6", "unix": "AF_UNIX"}
TYPES = {"stream": "SOCK_STREAM", "dgram": "SOCK_DGRAM"}

# What a transport's places are, and the type of its sockets.
TRANSPORTS = {
    "tcp4": ("inet", "stream"), "tcp6": ("inet6", "stream"), "unix": ("unix", "stream"), "udp": ("inet", "dgram"),
    "pipe": ("pipe", None),
}
PEER_STEPS = frozenset(("peer", "await"))

# The letters of conditions, in the order in which they are written, with the names of their flags for poll.
CONDITIONS = (
    ("r", "POLLIN"), ("w", "POLLOUT"), ("x", "POLLPRI"), ("e", "POLLERR"), ("h", "POLLHUP"), ("n", "POLLNVAL"),
)
LETTERS = "rwxehn"
UNASKED = "ehn"

ERRNO_NAMES = (
    "EAGAIN", "EALREADY", "EINPROGRESS", "EINTR", "ECONNRESET", "ENOTCONN", "ESHUTDOWN", "ECONNABORTED", "EPIPE",
    "EBADF", "EIO", "ENOBUFS", "ETIMEDOUT", "EHOSTUNREACH", "ECONNREFUSED", "EINVAL", "EISCONN", "EADDRINUSE", "EACCES",
    "EMFILE", "ENOENT", "ENETDOWN", "ENETUNREACH", "ENETRESET", "EHOSTDOWN", "EPROTO", "ENFILE", "ENOMEM", "EPERM",
)
ERRNO_BY_NAME = dict((name, getattr(errno, name)) for name in ERRNO_NAMES if hasattr(errno, name))
NAME_BY_ERRNO = dict((number, name) for name, number in ERRNO_BY_NAME.items())
NAME_BY_ERRNO[errno.EWOULDBLOCK] = "EAGAIN"

# On Python 3 all of these are OSError; on 2 a socket's errors are not.
SYSTEM_ERRORS = (OSError, IOError, socket.error, select.error)
SocketError = socket.error

Text = type(u"")
INTEGERS = (int, type(1 << 64))
Buffer = getattr(types, "BufferType", memoryview)  # Python 2 gives `send` one of these.
BYTES_LIKE = (bytes, bytearray, memoryview, Buffer)

# Plain dictionaries keep their order since 3.6.
Map = dict if sys.version_info >= (3, 6) else collections.OrderedDict

LONE_SURROGATE = re.compile(u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")


class Unsupported(Exception):
    """Says that the subject, or this adapter, does not have what a scenario asks for."""


class BadScenario(Exception):
    """Says that a scenario makes no sense."""


class ScenarioError(BaseException):
    """Is what a scenario's own `raise other` raises, as one of several classes; see `SCENARIO_ERRORS`."""


# A module that guards more than its own calls takes a program's error for one of them: for a channel that is gone from a
# map, for the end of a producer, for an object that cannot be cut into slices.
SCENARIO_ERRORS = [
    type("ScenarioError", (ScenarioError, cls), {})
    for cls in (KeyError, StopIteration, ValueError, EOFError, GeneratorExit, AttributeError, TypeError, IndexError)
]


def scenario_error(on, hook, number):
    """Chooses a class by who raises, where, and at which call, so that a scenario is the same each time."""
    first = 1 + ord(on[-1]) % len(SCENARIO_ERRORS) if hook in DATA_HOOKS else 0
    return SCENARIO_ERRORS[(first + number - 1) % len(SCENARIO_ERRORS)]


# What raises in these is not the lookup in a map.
DATA_HOOKS = ("more", "recv", "send", "collect_incoming_data", "found_terminator")


def truth(name, value):
    """Makes what a channel's predicate gives: one of the objects that count as true or as false, in a tuple."""
    if value is None:
        return None
    objects = (True, 1, b"x", [0]) if value else (False, None, b"", 0)
    return (objects[ord(name[-1]) % len(objects)],)


class SetUpRaised(Exception):
    """Says that the subject raised an exception while a scenario was set up."""

    def __init__(self, what, error):
        Exception.__init__(self, "the subject raised %s: %s; %s" % (error.__class__.__name__, error, what))
        self.error = error


class TooManyEvents(BaseException):
    """Ends a scenario that would go on recording for ever."""


# Values and exceptions, between JSON and Python


def clean_text(text):
    """Makes text that JSON can carry to any reader out of text or bytes."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return LONE_SURROGATE.sub(u"\ufffd", text)


def native(value):
    """Makes the Python object that a value of a scenario stands for."""
    kind = value["type"]
    try:
        make = NATIVE[kind]
    except KeyError:
        raise Unsupported("unknown type of value: %s" % kind)
    return make(value)


NATIVE = {
    "none": lambda value: None,
    "bool": lambda value: bool(value["value"]),
    "int": lambda value: value["value"],
    "bytes": lambda value: binascii.unhexlify(value["hex"]),
    "list": lambda value: [native(item) for item in value["items"]],
    "float": lambda value: value["tenths"] / 10.0,
    "bytearray": lambda value: bytearray(binascii.unhexlify(value["hex"])),
    "memoryview": lambda value: memoryview(binascii.unhexlify(value["hex"])),
    "text": lambda value: value["value"],
}


if hasattr(bytes, "hex"):
    hexadecimal = bytes.hex
else:
    def hexadecimal(data):
        """Writes native bytes as hexadecimal digits."""
        return binascii.hexlify(data).decode("ascii")


def report(thing):
    """Makes the value of a trace that stands for a Python object; it never fails."""
    if isinstance(thing, bytes):
        return {"type": "bytes", "hex": hexadecimal(thing)}
    if thing is None:
        return {"type": "none"}
    if isinstance(thing, bool):
        return {"type": "bool", "value": thing}
    if isinstance(thing, INTEGERS):
        if -(1 << 63) <= thing < 1 << 63:
            return {"type": "int", "value": int(thing)}
        return {"type": "text", "value": clean_text(repr(thing))}
    if isinstance(thing, Text):
        return {"type": "text", "value": clean_text(thing)}
    if isinstance(thing, (list, tuple)):
        return {"type": "list", "items": [report(item) for item in thing]}
    if isinstance(thing, bytearray):
        return {"type": "bytearray", "hex": hexadecimal(bytes(thing))}
    if isinstance(thing, memoryview):
        return {"type": "memoryview", "hex": hexadecimal(thing.tobytes())}
    if isinstance(thing, Buffer):
        return {"type": "bytes", "hex": hexadecimal(bytes(thing))}
    if isinstance(thing, float) and abs(thing) < 1e8:
        return {"type": "float", "tenths": int(round(thing * 10))}
    return {"type": "text", "value": u"<%s>" % clean_text(thing.__class__.__name__)}


def report_data(data):
    """Is `report` for what a stream carries: anything made of bytes counts as bytes."""
    if isinstance(data, bytes):
        return {"type": "bytes", "hex": hexadecimal(data)}
    if isinstance(data, memoryview):
        return {"type": "bytes", "hex": hexadecimal(data.tobytes())}
    if isinstance(data, (bytearray, Buffer)):
        return {"type": "bytes", "hex": hexadecimal(bytes(data))}
    return report(data)


def buffer_sizes(channel):
    """Gives the two sizes as one list."""
    return [channel.ac_in_buffer_size, channel.ac_out_buffer_size]


def report_truth(thing):
    """Makes the truth value of what a predicate gave."""
    return {"type": "bool", "value": bool(thing)}


def report_pair(pair):
    """Makes the value of what `fifo.pop` gave: a number that says whether there was an item, and the item."""
    if isinstance(pair, tuple) and len(pair) == 2:
        return {"type": "list", "items": [{"type": "int", "value": int(bool(pair[0]))}, report(pair[1])]}
    return report(pair)


def report_bytes(text):
    """Makes the value of native text, which travels as bytes."""
    return {"type": "bytes", "hex": hexadecimal(text if isinstance(text, bytes) else clean_text(text).encode("utf-8"))}


def native_text(text):
    """Makes the kind of string that the interpreter calls `str`."""
    return text if isinstance(text, str) else text.encode("utf-8")


class TupleAddress(tuple):
    """Is an address of the internet that knows its word."""


class TextAddress(str):
    """Is an address of the Unix domain that knows its word."""


class BytesAddress(bytes):
    """Is an address of the Unix domain that is no text, and knows its word."""


def address_called(word, address):
    """Lets a real address know its word; what the system makes of it stays the same."""
    for kind, known in ((tuple, TupleAddress), (str, TextAddress), (bytes, BytesAddress)):
        if isinstance(address, kind):
            address = known(address)
            address.scenario_word = word
            break
    return address


def address_word(address):
    """Gives the word for an address, or None for none."""
    if address is None:
        return None
    word = getattr(address, "scenario_word", None)
    if word is not None:
        return word
    if address == PEER_ADDRESS:
        return "peer"
    return "local" if address == LOCAL_ADDRESS else "other"


def report_address(address):
    """Makes the value of an address."""
    return NONE if address is None else report_bytes(address_word(address))


def report_accepted(pair):
    """Makes the value of what `accept` gave: none, or the names of the socket and the address."""
    if isinstance(pair, tuple) and len(pair) == 2:
        return {"type": "list", "items": [report_bytes(name_of_socket(pair[0])), report_address(pair[1])]}
    return report(pair)


def report_traceback(compact):
    """Makes the value of what `compact_traceback` gave: function, class, text and number of frames."""
    (_, function, _), kind, error, info = compact
    frames = len(re.findall(r"\|\d+\](?= |$)", info))
    items = [report_bytes(function), report_bytes(kind.__name__), report_bytes(str(error)), report(frames)]
    return {"type": "list", "items": items}


def report_number(number):
    """Makes the value of an error number that a socket gave in place of raising it: its name, or none for 0."""
    return report_bytes(NAME_BY_ERRNO.get(number, str(number))) if number else NONE


NONE = {"type": "none"}


def errno_of(error):
    """Gives an exception's error number, or None."""
    number = getattr(error, "errno", None)
    if number is None and error.args:
        number = error.args[0]
    return number if isinstance(number, INTEGERS) else None


def errno_named(name):
    """Gives the number of an error."""
    try:
        return ERRNO_BY_NAME[name]
    except KeyError:
        raise Unsupported("unknown errno: %s" % name)


def system_error(number, error_class=SocketError):
    """Makes the exception with which a socket, a file or a wait reports an error of the operating system."""
    return scripted(error_class(number, os.strerror(number)))


def scripted(error):
    """Marks an exception as one that the module did not make itself: what it says is no business of the module's."""
    error.is_scripted = True
    return error


def error_text(error, number):
    """Says what an error of the operating system says."""
    text = error.args[1] if len(error.args) > 1 else None
    if text == errno.errorcode.get(number):
        return "symbol"
    return "system" if text == os.strerror(number) else "else"


def required(table, word, what):
    """Looks a word of a scenario up."""
    try:
        return table[word]
    except KeyError:
        raise Unsupported("unknown %s: %s" % (what, word))


# What records, and what is recorded


class Recorder(object):
    """Keeps the events of the current step, how deep in recorded calls it is, and how calls react.

    There is one for the life of the adapter, as there is one scenario at a time.
    """

    def __init__(self, exit_class):
        self.exit_class = exit_class
        self.reset()

    def reset(self):
        """Forgets everything, and has calls react to nothing; what is recorded now is never looked at."""
        self.events = []
        self.depth = 0
        self.reactions = {}
        self.room = EVENT_LIMIT
        self.scenario = None
        self.problem = None
        self.steps = 0
        # Whether a channel's `connect` is under way that has not asked its socket yet, or a constructor.
        self.connecting = False
        self.constructing = False

    def add(self, event):
        """Records an event."""
        self.room -= 1
        if self.room < 0:
            self.make_room()
        self.events.append(event)

    def make_room(self):
        """Makes room for as many events as a long scenario may need, once."""
        scenario, self.scenario = self.scenario, None
        self.room = 0 if scenario is None else EVENTS_FOR_A_CHARACTER * len(json.dumps(scenario)) - EVENT_LIMIT
        if self.room <= 0:
            raise TooManyEvents("more events than the scenario can have")

    def refuse(self, problem):
        """Notes what the subject asks for that there is not; gives an exception that says so, which it may catch."""
        self.problem = self.problem or problem
        return Unsupported(problem)

    def check(self):
        """Refuses a scenario in which the subject asked for what there is not, whatever came of it."""
        if self.problem is not None:
            raise Unsupported(self.problem)

    def exception(self, error):
        """Describes an exception by its kind."""
        if isinstance(error, ScenarioError):
            return {"kind": "other"}
        # What leaves the loop comes from a scenario alone: another object is not what was raised.
        if getattr(error, "is_scripted", False):
            if isinstance(error, self.exit_class):
                return {"kind": "exit"}
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                return {"kind": "interrupt"}
        if isinstance(error, SYSTEM_ERRORS):
            number = errno_of(error)
            name = NAME_BY_ERRNO.get(number)
            if name is not None:
                if getattr(error, "is_scripted", False):
                    return {"kind": "os", "errno": name}
                return {"kind": "os", "errno": name, "text": error_text(error, number)}
        return {"kind": "other", "class": error.__class__.__name__}

    def socket_call(self, on, call, arg, value=None, error=None):
        """Records that a call reached a socket, what it was given and what it replied."""
        if error is None:
            reply = {"is": "value", "value": value}
        else:
            reply = {"is": "raised", "exception": self.exception(error)}
        event = {"depth": self.depth, "ev": "socket", "on": on, "call": call, "reply": reply}
        if arg is not None:
            event["arg"] = arg
        self.add(event)

    def perform(self, action):
        """Does an action, and records what it gives if that is to be recorded."""
        method, arguments, convert = action
        result = method(*arguments)
        if convert is not None:
            self.add({"depth": self.depth, "ev": "result", "value": convert(result)})

    def step(self, action):
        """Does an action as a step of its own and gives its events, the exception it raised among them."""
        self.events = events = []
        self.depth = 0
        self.steps += 1
        try:
            self.perform(action)
        except (TooManyEvents, Unsupported):
            raise
        except BaseException as error:
            events.append({"ev": "raised", "exception": self.exception(error)})
        self.check()
        return events

    def react(self, on, hook):
        """Reacts to a call of a hook as the scenario says; tells whether the call shall return at once."""
        reaction = self.reactions.get((on, hook))
        if reaction is None:
            return False
        reaction.calls += 1
        try:
            actions, ending = reaction.by_number[reaction.calls]
        except KeyError:
            return False
        for action in actions:
            self.perform(action)
        if ending is None:
            return False
        if ending is RETURN:
            return True
        if ending is KeyboardInterrupt and len(hook) % 2:
            # Either ends a program; the hook alone decides, so that a scenario is the same each time.
            ending = SystemExit
        if ending is ScenarioError:
            ending = scenario_error(on, hook, reaction.calls)
        raise scripted(ending())


RETURN = object()


class Reactions(object):
    """Holds how the calls of one hook of one object react, by the number of the call."""

    def __init__(self):
        self.calls = 0
        self.by_number = {}


def hook(recorder, name, method, arg_of=None, flags=False, default=None):
    """Makes a method that records its calls, reacts as the scenario says, and then calls `method`, if there is one.

    `arg_of` makes the event's argument from the call's; `flags` says whether the event carries the channel's flags;
    `default` is what a call gives whose reaction is to return.
    """
    def call(self, *arguments, **keywords):
        depth = recorder.depth
        event = {"depth": depth, "ev": "hook", "on": self.scenario_name, "hook": name}
        if arg_of is not None:
            event["arg"] = arg_of(*arguments, **keywords)
        if flags:
            event["flags"] = flags_of(self)
        recorder.add(event)
        recorder.depth = depth + 1
        try:
            if recorder.reactions and recorder.react(self.scenario_name, name):
                return default
            if method is not None:
                return method(self, *arguments, **keywords)
        finally:
            recorder.depth = depth

    call.__name__ = name
    return call


def data_arg(data, *others, **keywords):
    """Makes the argument of a hook that is given data, or a size."""
    return {"is": "value", "value": report_data(data)}


def log_arg(message, type="info"):
    """Makes the argument of `log_info`: the type and, for a warning, the message."""
    if isinstance(type, Text):
        type = type.encode("utf-8")
    if type == b"warning":
        type = b"warning: " + clean_text(message).encode("utf-8")
    return {"is": "value", "value": report(type)}


def accepted_arg(sock, address):
    """Makes the argument of `handle_accepted`."""
    return {"is": "value", "value": report_accepted((sock, address))}


def flags_of(channel):
    """Gives a channel's flags; false ones are left out, as `connecting` is where a release does not have it."""
    flags = {}
    if getattr(channel, "connected", False):
        flags["connected"] = True
    if getattr(channel, "accepting", False):
        flags["accepting"] = True
    if getattr(channel, "connecting", False):
        flags["connecting"] = True
    return flags


def exception_arg_of(recorder):
    """Makes what makes the argument of `handle_error`."""
    def exception_arg():
        error = sys.exc_info()[1]
        return None if error is None else {"is": "exception", "exception": recorder.exception(error)}

    return exception_arg


def channel_classes(base, recorder):
    """Makes the recording subclasses of `async_chat`: the usual one, a bare one and a gathering one."""
    def gather(self, data):
        self._collect_incoming_data(data)

    def override(cls, name, method, arg_of=None, flags=False, default=None):
        setattr(cls, name, hook(recorder, name, method, arg_of, flags, default))

    class BareChannel(base):
        """Records the calls of everything that the class itself fills in."""

        scenario_name = "unnamed"
        scenario_base = base

    class Channel(BareChannel):
        """Records what is collected, too."""

    class GatheringChannel(BareChannel):
        """Records what is collected and keeps it as the class does."""

    for name in ("handle_connect", "handle_close"):
        override(BareChannel, name, getattr(base, name), flags=True)
    override(BareChannel, "handle_error", base.handle_error, exception_arg_of(recorder), flags=True)
    override(BareChannel, "log_info", None, log_arg)
    override(BareChannel, "recv", base.recv, data_arg, default=b"")
    override(BareChannel, "send", base.send, data_arg, default=0)
    for name in ("close", "initiate_send", "refill_buffer"):
        if hasattr(base, name):
            override(BareChannel, name, getattr(base, name))
    for cls, collect in ((Channel, None), (GatheringChannel, gather)):
        override(cls, "collect_incoming_data", collect, data_arg, flags=True)
        override(cls, "found_terminator", None, flags=True)
    return {"plain": Channel, "bare": BareChannel, "gather": GatheringChannel}


def dispatcher_class(base, recorder):
    """Makes the recording subclass of a dispatcher. What the class does not have stays missing."""
    def override(name, method, arg_of=None, flags=False, default=None):
        if hasattr(base, name):
            setattr(Dispatcher, name, hook(recorder, name, method, arg_of, flags, default))

    def own(name):
        return getattr(base, name, None)

    def handle_read(self):
        if self.scenario_reads is None:
            return base.handle_read(self)
        return self.recv(self.scenario_reads)

    def readable(self):
        return base.readable(self) if self.scenario_readable is None else self.scenario_readable[0]

    def writable(self):
        return base.writable(self) if self.scenario_writable is None else self.scenario_writable[0]

    class Dispatcher(base):
        """Records the calls of everything that a program can override."""

        scenario_name = "unnamed"
        scenario_base = base
        scenario_reads = None
        scenario_readable = None
        scenario_writable = None

    for name in ("handle_connect", "handle_close", "handle_write", "handle_expt", "handle_accept"):
        override(name, own(name), flags=True)
    override("handle_read", handle_read, flags=True)
    override("handle_error", own("handle_error"), exception_arg_of(recorder), flags=True)
    override("handle_accepted", own("handle_accepted"), accepted_arg, flags=True)
    override("readable", readable, default=False)
    override("writable", writable, default=False)
    override("log_info", None, log_arg)
    override("recv", own("recv"), data_arg, default=b"")
    override("send", own("send"), data_arg, default=0)
    for name in (
        "accept", "close", "initiate_send", "handle_read_event", "handle_write_event", "handle_expt_event",
        "handle_connect_event",
    ):
        override(name, own(name))
    return Dispatcher


class ScriptedProducer(object):
    """Gives the scripted results one after the other and then nothing."""

    def __init__(self, results):
        self.results = collections.deque(results)

    def more(self):
        return self.results.popleft() if self.results else b""


def producer_classes(simple_producer, recorder):
    """Makes the recording producers: one's own, one whose truth value is false, and a `simple_producer`."""
    class Producer(ScriptedProducer):
        more = hook(recorder, "more", ScriptedProducer.more, default=b"")

    class FalsyProducer(Producer):
        def __len__(self):
            return 0

    classes = {"plain": Producer, "falsy": FalsyProducer}
    if simple_producer is not None:
        class SimpleProducer(simple_producer):
            more = hook(recorder, "more", simple_producer.more, default=b"")

        classes["simple"] = SimpleProducer
    return classes


# Sockets and files without a kernel

EOF = object()
NOTHING = object()

# How far a socket's connection is, where it is not as the scenario set the socket up.
UNCONNECTED = "unconnected"
UNFINISHED = "unfinished"
ESTABLISHED = "established"

UNDER_WAY = frozenset((errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY))

# The flags that a type of socket can carry.
NONBLOCKING = getattr(socket, "SOCK_NONBLOCK", 0)
TYPE_FLAGS = NONBLOCKING | getattr(socket, "SOCK_CLOEXEC", 0)


class Script(object):
    """Says what a socket or file of a scenario does. The descriptors that are duplicates of one another share it."""

    __slots__ = (
        "name", "number", "inputs", "outcomes", "replies", "peer", "blocking", "family", "kind", "connection", "since",
    )

    def __init__(self, name, number, peer=None):
        self.name = name
        self.number = number
        self.inputs = collections.deque()
        self.outcomes = collections.deque()
        self.replies = None
        self.peer = peer
        self.blocking = True
        self.family = socket.AF_INET
        self.kind = socket.SOCK_STREAM
        self.connection = None
        self.since = 0

    def begin_connection(self, number, step):
        """Notes what came of a call of `connect`."""
        self.since = step
        if number in UNDER_WAY:
            self.connection = UNFINISHED
        else:
            self.connection = UNCONNECTED if number not in (0, errno.EISCONN) else ESTABLISHED

    def was_begun(self, step):
        """Says whether a connection was begun, in an earlier step if it came to nothing."""
        return self.connection in (UNFINISHED, ESTABLISHED) or self.connection is not None and self.since != step

    def connection_error(self, step, take=False):
        """Says what came of a connection that was begun: 0, an error number, or None while nothing has.

        It comes to its end in a later step than the one in which it was begun. An error stays for `getsockopt` to tell,
        unless it is taken.
        """
        queue = self.replies.get("getsockopt") if self.replies else None
        number = queue[0] if queue else 0
        if self.connection is ESTABLISHED:
            return queue.popleft() if number and take else number
        if self.connection is UNCONNECTED and not take:
            return errno.ENOTCONN
        if self.since == step:
            return None
        if queue and (take or not number):
            queue.popleft()
        if take or not number:
            self.connection = UNCONNECTED if number else ESTABLISHED
        return number

    def next_reply(self, call, exhausted=0):
        """Takes the next reply to a call: an error number, 0 for success, NOTHING, or the name of a socket and it."""
        queue = self.replies.get(call) if self.replies else None
        return queue.popleft() if queue else exhausted


class LikeSocket(object):
    """Has the methods of a socket that come to `recv` and `send`.

    What else a real socket can do makes the scenario unsupported: it would be no fault to use it.
    """

    def recv_into(self, buffer, nbytes=0, *flags):
        data = self.recv(nbytes or len(buffer))
        buffer[:len(data)] = data
        return len(data)

    def recvfrom(self, size, *flags):
        return self.recv(size), None

    def recvfrom_into(self, buffer, nbytes=0, *flags):
        return self.recv_into(buffer, nbytes), None

    def recvmsg(self, size, *others):
        return self.recv(size), [], 0, None

    def sendall(self, data, *flags):
        rest = bytes(data) if isinstance(data, BYTES_LIKE) else data
        while rest:
            rest = rest[self.send(rest):]

    def sendmsg(self, buffers, *others):
        return self.send(b"".join(bytes(data) for data in buffers))

    def sendto(self, data, *others):
        return self.send(data)

    def getblocking(self):
        return self.gettimeout() != 0

    def set_inheritable(self, flag):
        pass

    def get_inheritable(self):
        return False

    @property
    def proto(self):
        return 0

    def __getattr__(self, name):
        if name.startswith("_") or not hasattr(socket.socket, name):
            raise AttributeError("%s has no attribute %s" % (self.__class__.__name__, name))
        problem = "the subject uses %s of a socket" % name
        if not callable(getattr(socket.socket, name)):
            raise self._refuse(problem)

        def refuse(*arguments, **keywords):
            raise self._refuse(problem)

        return refuse


class ScriptedSocket(LikeSocket):
    """Is a socket that does what the scenario says, and records it. It never touches a descriptor.

    Old releases look up an attribute that a channel lacks on its socket, so what it keeps is private.
    """

    def __init__(self, recorder, script, number, error_class=SocketError):
        self.__recorder = recorder
        self.__script = script
        self.__number = number
        self.__error_class = error_class
        self.__closed = False

    def recv(self, size, *flags):
        try:
            data = self.__take(size)
        except SYSTEM_ERRORS as error:
            self.__recorder.socket_call(self.__script.name, "recv", report(size), error=error)
            raise
        self.__recorder.socket_call(self.__script.name, "recv", report(size), value=report(data))
        return data

    def __take(self, size):
        inputs = self.__script.inputs
        if self.__closed:
            raise self.__error(errno.EBADF)
        if not inputs:
            raise self.__error(errno.EAGAIN)
        item = inputs[0]
        if item is EOF:
            return b""
        if not isinstance(item, bytes):
            inputs.popleft()
            raise self.__error(item)
        if len(item) > size:
            inputs[0] = item[size:]
            return item[:size]
        inputs.popleft()
        return item

    def send(self, data, *flags):
        arg = report_data(data)
        try:
            taken = self.__give(data)
        except SYSTEM_ERRORS + (TypeError, UnicodeError) as error:
            self.__recorder.socket_call(self.__script.name, "send", arg, error=error)
            raise
        self.__recorder.socket_call(self.__script.name, "send", arg, value={"type": "int", "value": taken})
        return taken

    def __give(self, data):
        if not isinstance(data, BYTES_LIKE):
            if bytes is not str or not isinstance(data, Text):
                raise TypeError("a bytes-like object is required, not '%s'" % data.__class__.__name__)
            data = data.encode()  # as Python 2 does
        if self.__closed:
            raise self.__error(errno.EBADF)
        outcomes = self.__script.outcomes
        if not outcomes:
            return len(data)
        limit, number = outcomes.popleft()
        if number is not None:
            raise self.__error(number)
        return len(data) if limit is None else min(limit, len(data))

    def close(self):
        self.__closed = True
        self.__call("close", None, self.__script.next_reply("close"))

    def accept(self):
        reply = self.__reply("accept", errno.EAGAIN)
        if reply is NOTHING:
            return self.__record("accept", None, NONE)
        if isinstance(reply, tuple):
            name, sock = reply
            self.__record("accept", None, report_bytes(name))
            return sock, PEER_ADDRESS
        return self.__call("accept", None, reply)

    def connect_ex(self, address):
        recorder, script = self.__recorder, self.__script
        if not recorder.connecting and script.was_begun(recorder.steps) and not self.__closed:
            # This is a question for what came of it, and how that is asked is nobody's concern.
            number = script.connection_error(recorder.steps, True)
            return errno.EALREADY if number is None else number or errno.EISCONN
        recorder.connecting = False
        number = self.__reply("connect")
        self.__record("connect", report_address(address), report_number(number))
        script.begin_connection(number, recorder.steps)
        return number

    def connect(self, address):
        number = self.connect_ex(address)
        if number:
            raise self.__error(number)

    def bind(self, address):
        self.__call("bind", report_address(address), self.__reply("bind"))

    def listen(self, backlog=0):
        self.__call("listen", report(backlog), self.__reply("listen"))

    def getsockopt(self, level, option, *size):
        if level != socket.SOL_SOCKET or option != socket.SO_ERROR:
            self.__check()
            return 0
        if self.__closed:
            return self.__call("getsockopt", None, errno.EBADF)
        number = self.__script.next_reply("getsockopt")
        self.__record("getsockopt", None, report_number(number))
        if self.__script.connection is UNFINISHED and self.__script.since != self.__recorder.steps:
            self.__script.connection = UNCONNECTED if number else ESTABLISHED
        return number

    def setsockopt(self, level, option, value):
        if level == socket.SOL_SOCKET and option == socket.SO_REUSEADDR:
            self.__call("setsockopt", report(bool(value)), self.__reply("setsockopt"))
        else:
            self.__check()

    def shutdown(self, how):
        self.__check()

    def fileno(self):
        return -1 if self.__closed else self.__number

    def setblocking(self, flag):
        self.__script.blocking = bool(flag)

    def settimeout(self, timeout):
        self.__script.blocking = timeout != 0

    def gettimeout(self):
        return None if self.__script.blocking else 0.0

    def getpeername(self):
        recorder, script = self.__recorder, self.__script
        if recorder.constructing or script.connection is None:
            number = script.peer
        else:
            number = script.connection_error(recorder.steps)
            number = errno.ENOTCONN if number is None or number else None
        if number is not None:
            raise self.__error(number)
        return PEER_ADDRESS

    def getsockname(self):
        return LOCAL_ADDRESS

    @property
    def family(self):
        return self.__script.family

    @property
    def type(self):
        return self.__script.kind

    def _refuse(self, problem):
        return self.__recorder.refuse(problem)

    def __error(self, number):
        return system_error(number, self.__error_class)

    def __check(self):
        if self.__closed:
            raise self.__error(errno.EBADF)

    def __reply(self, call, exhausted=0):
        return errno.EBADF if self.__closed else self.__script.next_reply(call, exhausted)

    def __record(self, call, arg, value):
        self.__recorder.socket_call(self.__script.name, call, arg, value=value)

    def __call(self, call, arg, number):
        if not number:
            return self.__record(call, arg, NONE)
        error = self.__error(number)
        self.__recorder.socket_call(self.__script.name, call, arg, error=error)
        raise error

    # What a file's descriptor can do besides; the stand-ins for `os` and `fcntl` call it

    def _duplicate(self, next_number):
        """Makes another descriptor of the same file."""
        self.__call("dup", None, self.__reply("dup"))
        return ScriptedSocket(self.__recorder, self.__script, next_number(), self.__error_class)

    def _is_blocking(self):
        """Says whether the file blocks."""
        self.__check()
        return self.__script.blocking

    def _set_blocking(self, flag):
        """Makes the file block, or not."""
        self.__check()
        self.__script.blocking = bool(flag)


def script_of(sock):
    """Gives what a socket's script says, or None for what is no socket of a scenario."""
    script = getattr(sock, "_ScriptedSocket__script", None)
    return getattr(sock, "_RealSocket__script", None) if script is None else script


def name_of_socket(sock):
    """Gives the name of a socket of a scenario."""
    script = script_of(sock)
    return script.name if script is not None else "<%s>" % sock.__class__.__name__


class ScenarioNumber(int):
    """Is the descriptor of a scenario's file. It knows what it stands for, so that no other number is ever mistaken."""

    def __new__(cls, number, handle, scenario):
        self = int.__new__(cls, number)
        self.handle = handle
        self.scenario = scenario
        return self


class FileObject(object):
    """Is an object with a descriptor, such as a file."""

    def __init__(self, number):
        self.__number = number

    def fileno(self):
        return self.__number


# Real sockets and files


class RealSocket(LikeSocket):
    """Is a real socket, and records what is done with it.

    What it keeps is private, as in `ScriptedSocket`. The socket of a connection that is to be accepted comes later. One
    that blocks does so for a moment only, then it is as if it did not.
    """

    def __init__(self, recorder, script, conversation):
        self.__recorder = recorder
        self.__script = script
        self.__conversation = conversation
        self.__sock = None
        self.__closed = False
        self.__bound = False
        self.__begun = False

    def recv(self, size, *flags):
        return self.__call("recv", report(size), report, self.__real().recv, size, *flags)

    def send(self, data, *flags):
        return self.__call("send", report_data(data), report, self.__real().send, data, *flags)

    def close(self):
        sock = self.__real()
        self.__closed = True
        self.__call("close", None, report, sock.close)

    def accept(self):
        return self.__call("accept", None, lambda pair: report_bytes(name_of_socket(pair[0])), self.__accept)

    def __accept(self):
        sock, address = self.__real().accept()
        return self.__conversation.accepted(self.__script, sock), address_called("peer", address)

    def connect_ex(self, address):
        connect = self.__real().connect_ex
        if self.__begun and not self.__recorder.connecting:
            # As with a scripted socket, this is a question for what came of it.
            number = connect(address)
            failed = 0 if number == errno.EISCONN else number
            self.__recorder.socket_call(self.__script.name, "getsockopt", None, value=report_number(failed))
            return number
        self.__recorder.connecting = False
        self.__begun = True
        return self.__call("connect", report_address(address), report_number, connect, address)

    def connect(self, address):
        number = self.connect_ex(address)
        if number:
            raise system_error(number)

    def bind(self, address):
        self.__call("bind", report_address(address), report, self.__real().bind, address)
        self.__bound = True

    def listen(self, *backlog):
        self.__call("listen", report(backlog[0] if backlog else 0), report, self.__real().listen, *backlog)
        self.__bound = True

    def getsockopt(self, level, option, *size):
        ask = self.__real().getsockopt
        if level != socket.SOL_SOCKET or option != socket.SO_ERROR:
            return self.__try(ask, level, option, *size)
        return self.__call("getsockopt", None, report_number, ask, level, option, *size)

    def setsockopt(self, level, option, value):
        tell = self.__real().setsockopt
        if level == socket.SOL_SOCKET and option == socket.SO_REUSEADDR:
            self.__call("setsockopt", report(bool(value)), report, tell, level, option, value)
        else:
            self.__try(tell, level, option, value)

    def shutdown(self, how):
        self.__try(self.__real().shutdown, how)

    def fileno(self):
        return -1 if self.__closed else self.__real().fileno()

    def setblocking(self, flag):
        self.settimeout(None if flag else 0.0)

    def settimeout(self, timeout):
        sock = self.__real()
        self.__script.blocking = timeout != 0
        self.__try(sock.settimeout, LONGEST_BLOCK if timeout is None else min(timeout, LONGEST_BLOCK))

    def gettimeout(self):
        return None if self.__script.blocking else 0.0

    def getpeername(self):
        return address_called("peer", self.__try(self.__real().getpeername))

    def getsockname(self):
        return address_called("local", self.__try(self.__real().getsockname))

    @property
    def family(self):
        return self.__real().family

    @property
    def type(self):
        return self.__real().type & ~TYPE_FLAGS

    def _refuse(self, problem):
        return self.__conversation.fail(problem)

    def __real(self):
        self._need()
        return self.__sock

    def __try(self, function, *arguments):
        try:
            return function(*arguments)
        except socket.timeout as error:
            if isinstance(errno_of(error), INTEGERS):
                raise scripted(error)
            raise system_error(errno.EAGAIN)
        except SYSTEM_ERRORS as error:
            raise scripted(error)

    def __call(self, call, arg, convert, function, *arguments):
        try:
            result = self.__try(function, *arguments)
        except Exception as error:
            self.__recorder.socket_call(self.__script.name, call, arg, error=error)
            raise
        self.__recorder.socket_call(self.__script.name, call, arg, value=convert(result))
        return result

    # What the conversation asks it

    def _need(self):
        """Refuses to go on without a socket."""
        if self.__sock is None:
            raise self.__conversation.fail("%s is no socket yet" % self.__script.name)

    def _is_vacant(self):
        """Says whether it waits for a socket."""
        return self.__sock is None

    def _attach(self, sock, waits=True):
        """Gives it its socket, which does not block, whatever it says, unless it `waits`."""
        self.__sock = sock
        self.__script.number = sock.fileno()
        self.setblocking(sock.gettimeout() != 0)
        if not waits:
            sock.settimeout(0.0)

    def _dispose(self):
        """Closes the socket, if that has not been done."""
        if self.__sock is not None:
            self.__sock.close()

    def _bound_address(self):
        """Gives the family and the address that it is bound to, or None."""
        if self.__sock is None or self.__closed or not (self.__bound or self.__sock.type & 15 == socket.SOCK_DGRAM):
            return None
        return self.__sock.family, self.__sock.getsockname()


class RealFile(object):
    """Is a real descriptor of a file, and records what the stand-in for `os` does with it.

    One that blocks does so for a moment only, then it is as if it did not.
    """

    def __init__(self, recorder, script, conversation, number):
        self.__recorder = recorder
        self.__script = script
        self.__conversation = conversation
        self.__number = number
        self.__duplicated = False

    def recv(self, size):
        return self.__call("recv", report(size), report, self.__read, size)

    def __read(self, size):
        number = self.__open()
        if self._is_blocking() and not select.select([number], [], [], LONGEST_BLOCK)[0]:
            raise system_error(errno.EAGAIN, OSError)
        return os.read(number, size)

    def send(self, data):
        return self.__call("send", report_data(data), report, lambda: os.write(self.__open(), data))

    def close(self):
        self.__call("close", None, report, self.__close)

    def __close(self):
        number = self.__open()
        self.__number = -1
        os.close(number)

    def fileno(self):
        return self.__number

    def __open(self):
        if self.__number < 0:
            raise system_error(errno.EBADF, OSError)
        return self.__number

    def __call(self, call, arg, convert, function, *arguments):
        try:
            result = function(*arguments)
        except Exception as error:
            if isinstance(error, SYSTEM_ERRORS):
                scripted(error)
            self.__recorder.socket_call(self.__script.name, call, arg, error=error)
            raise
        self.__recorder.socket_call(self.__script.name, call, arg, value=convert(result))
        return result

    # What the stand-ins for `os` and `fcntl` ask it

    def _duplicate(self, next_number):
        """Makes another descriptor of the same file."""
        number = self.__call("dup", None, lambda number: NONE, lambda: os.dup(self.__open()))
        self.__duplicated = True
        return self.__conversation.opened(RealFile(self.__recorder, self.__script, self.__conversation, number))

    def _is_blocking(self):
        """Says whether the file blocks."""
        return not fcntl.fcntl(self.__open(), fcntl.F_GETFL) & os.O_NONBLOCK

    def _set_blocking(self, flag):
        """Makes the file block, or not."""
        flags = fcntl.fcntl(self.__open(), fcntl.F_GETFL) & ~os.O_NONBLOCK
        fcntl.fcntl(self.__open(), fcntl.F_SETFL, flags if flag else flags | os.O_NONBLOCK)
        self.__script.blocking = bool(flag)

    # What the conversation asks it

    def _release(self):
        """Closes a descriptor of which only the duplicate is used, as a program does that hands a file over."""
        if self.__duplicated:
            self._dispose()

    def _dispose(self):
        """Closes the descriptor, if that has not been done."""
        if self.__number >= 0:
            self.__close()


class Place(object):
    """Is where the peer of a channel is: `family`, `type` and `address`; and `local`, what the channel is bound to."""

    def __init__(self, place, kind):
        self.path = self.family = self.type = self.address = self.local = None
        if place["is"] in ("unix", "pipe"):
            self.path = native_text(place["path"])
        if place["is"] == "pipe":
            return
        self.family = getattr(socket, FAMILIES[place["is"]])
        self.type = getattr(socket, TYPES[kind])
        if self.path is None:
            host = native_text(place["host"])
            self.address = address_called("peer", (host, place["port"]))
            self.local = address_called("local", (host, 0))
        else:
            self.address = address_called("peer", self.path)
            self.local = address_called("local", self.path + ".bound")


class Conversation(object):
    """Holds what a scenario on real sockets has besides the things of every scenario, and closes it all in the end."""

    def __init__(self, adapter, setup, places, default_map):
        self.adapter = adapter
        self.default_map = default_map
        self.handles = []
        self.problem = None
        self.last_fresh = 0
        transports = [entry["transport"] for entry in setup if entry["is"] == "over"]
        if len(transports) != 1:
            raise BadScenario("a conversation is over one transport")
        self.transport = transports[0]
        adapter.need("sockets.%s" % self.transport, "over")
        family, kind = TRANSPORTS[self.transport]
        self.places = {}
        for name, place in places.items():
            if place["is"] != family:
                raise BadScenario("the place of %s is not over %s" % (name, self.transport))
            self.places[name] = Place(place, kind)
        # Who gives sockets of the scenario their connections: a listening channel or, if that has a place of its own,
        # the channel that is made on them.
        self.to_accept = set()
        self.owners = {}
        for entry in setup:
            if entry["is"] == "replies" and entry["call"] == "accept":
                self.to_accept.update(reply.get("socket") for reply in entry["replies"])
            elif entry["is"] == "dispatcher" and entry.get("on") is not None:
                self.owners.setdefault(entry["on"], entry["name"])

    def fail(self, problem):
        """Notes why the scenario cannot go on; gives an exception that says so, which the subject may catch."""
        self.problem = self.problem or problem
        return Unsupported(problem)

    def check(self):
        """Refuses a scenario that turned out to ask for what there is not, whatever came of it."""
        if self.problem is not None:
            raise Unsupported(self.problem)

    def check_replies(self, entry):
        """Refuses replies other than the names of what is accepted."""
        if entry["call"] != "accept" or any(reply["is"] != "gives" for reply in entry["replies"]):
            raise BadScenario("what a real socket does cannot be said")

    def place_of(self, name):
        """Finds the place of a channel's peer."""
        try:
            return self.places[name]
        except KeyError:
            raise self.fail("there is no place for %s" % name)

    def opened(self, handle):
        """Notes what is to be closed."""
        self.handles.append(handle)
        return handle

    def new_handle(self, script, sock=None, waits=True):
        """Makes what records the calls of a socket; the socket may come later."""
        try:
            handle = self.opened(self.adapter.make_real_socket(script))
            if sock is not None:
                handle._attach(sock, waits)
        except BaseException:
            if sock is not None:
                sock.close()
            raise
        return handle

    def new_socket(self, script, given):
        """Makes the socket of a channel as it is given to the constructor or, for None, one of the scenario."""
        name = script.name
        if given is None:
            if script.peer is None and name not in self.to_accept and self.owners.get(name) in self.places:
                given, name = "connected", self.owners[name]
            else:
                given = "nothing" if script.peer is None else "peerless"
        if script.peer not in (None, errno.ENOTCONN):
            raise Unsupported("the look for the peer of a real socket cannot be made to fail so")
        if given == "nothing":
            return self.new_handle(script)
        if self.transport == "pipe":
            raise Unsupported("%s cannot be made on a pipe" % name)
        place = self.place_of(name) if name in self.places else self.any_place(name)
        if given == "connected":
            sock = self.adapter.connect_real(place)
            sock.settimeout(None)
            return self.new_handle(script, sock)
        # One that `set_socket` gets is to be connected, and a program of this kind never waits for that.
        return self.new_handle(script, socket.socket(place.family, place.type), given != "unconnected")

    def any_place(self, name):
        """Finds any place, for the family of a socket that is not connected."""
        for place in self.places.values():
            return place
        return self.place_of(name)

    def new_file(self, script):
        """Opens the reading end of a channel's pipe."""
        if self.transport != "pipe":
            raise Unsupported("%s is no file over %s" % (script.name, self.transport))
        number = self.adapter.open_pipe(self.place_of(script.name).path)
        script.number = number
        return self.opened(RealFile(self.adapter.recorder, script, self, number))

    def create(self, name, family, kind, arg):
        """Makes the real socket that a channel's `create_socket` asks for."""
        recorder = self.adapter.recorder
        try:
            sock = socket.socket(family, kind)
        except SYSTEM_ERRORS as error:
            recorder.socket_call(name, "create", arg, error=scripted(error))
            raise
        handle = self.adapter.sockets[name] = self.new_handle(self.adapter.scripts[name], sock)
        recorder.socket_call(name, "create", arg, value=NONE)
        return handle

    def accepted(self, script, sock):
        """Makes the socket of a connection that was accepted: the next one that the scenario names, or another."""
        reply = script.next_reply("accept", None)
        if reply is not None and reply[1]._is_vacant():
            reply[1]._attach(sock)
            return reply[1]
        while True:
            self.last_fresh += 1
            name = "s%d" % self.last_fresh
            if name not in self.adapter.names:
                return self.new_handle(Script(name, None), sock)

    def bound(self):
        """Lists the places where the channels are bound now."""
        places = {}
        for name, channel in self.adapter.channels.items():
            sock = getattr(channel, "socket", None)
            if not isinstance(sock, RealSocket):
                sock = self.adapter.sockets.get(name)
            address = sock._bound_address() if isinstance(sock, RealSocket) else None
            place = None if address is None else place_at(*address)
            if place is not None:
                places[name] = place
        return places

    def close(self):
        """Closes everything."""
        try:
            while self.handles:
                try:
                    self.handles.pop()._dispose()
                except SYSTEM_ERRORS:
                    pass
        finally:
            for place in self.places.values():
                if place.local is not None and place.path is not None and os.path.exists(place.local):
                    os.unlink(place.local)


def place_at(family, address):
    """Describes a place for the runner; None for a socket that has not been given an address."""
    if family == getattr(socket, "AF_UNIX", None):
        return {"is": "unix", "path": clean_text(address)} if address else None
    if not address[1]:
        return None
    return {"is": "inet" if family == socket.AF_INET else "inet6", "host": clean_text(address[0]), "port": address[1]}


def is_there(transport, files):
    """Says whether a transport can be used here."""
    family, kind = TRANSPORTS[transport]
    if os.name != "posix" and transport in ("unix", "pipe"):
        return False
    if transport == "pipe":
        return files and fcntl is not None and hasattr(os, "mkfifo")
    if not hasattr(socket, FAMILIES[family]):
        return False
    try:
        sock = socket.socket(getattr(socket, FAMILIES[family]), getattr(socket, TYPES[kind]))
    except (SocketError, OSError):
        return False
    try:
        if transport != "unix":
            sock.bind(("::1" if transport == "tcp6" else "127.0.0.1", 0))
    except (SocketError, OSError):
        return False
    finally:
        sock.close()
    return True


# The modules that asyncore uses


class ScriptedPoll(object):
    """Is the object that `select.poll` gives."""

    def __init__(self, stand_ins):
        self.__stand_ins = stand_ins
        self.__masks = collections.OrderedDict()

    def register(self, number, mask=None):
        self.__masks[number] = select.POLLIN | select.POLLPRI | select.POLLOUT if mask is None else mask

    def modify(self, number, mask):
        if number not in self.__masks:
            raise system_error(errno.ENOENT, IOError)
        self.__masks[number] = mask

    def unregister(self, number):
        del self.__masks[number]

    def poll(self, timeout=None):
        return self.__stand_ins.poll_wait(self.__masks, timeout)


class StandIns(object):
    """Are in the places of the modules that asyncore uses, serve what is a scenario's and pass on everything else.

    They are installed once, for the life of the adapter; whether a scenario is under way, and what its waits tell, is
    looked up at every call.
    """

    def __init__(self, adapter, modules):
        self.adapter = adapter
        self.recorder = adapter.recorder
        self.patched = modules
        self.places = []
        self.forget()

    def forget(self):
        """Forgets the scenario that was run."""
        self.creating = None
        self.reports = ()
        self.channel_map = {}
        # How deep in recorded calls the pass under way was begun, if one is.
        self.depth = None
        # What was called while nothing but that was to be found out.
        self.probed = None

    # How they get there, and away

    def install(self):
        """Puts stand-ins in the places of the modules."""
        replacements = {
            "socket": {"socket": self.socket},
            "select": {"select": self.select, "poll": lambda: ScriptedPoll(self)},
            "time": {"sleep": self.sleep},
            "os": dict((name, getattr(self, name)) for name in ("read", "write", "close", "dup")),
            "fcntl": {"fcntl": self.fcntl},
        }
        if hasattr(os, "set_blocking"):
            replacements["os"].update(set_blocking=self.set_blocking, get_blocking=self.get_blocking)
        for name, functions in sorted(replacements.items()):
            real = globals()[name]
            if real is None:
                continue
            stand_in = types.ModuleType(real.__name__, real.__doc__)
            stand_in.__dict__.update(real.__dict__)
            pairs = [(real, stand_in)]
            for function, replacement in functions.items():
                if hasattr(real, function):
                    pairs.append((getattr(real, function), replacement))
                    setattr(stand_in, function, replacement)
            for module in self.patched:
                self.replace(module, pairs)

    def replace(self, module, pairs):
        """Puts stand-ins in their places in a module, under whatever name it has what they stand for."""
        for name, value in list(vars(module).items()):
            for real, stand_in in pairs:
                if value is real:
                    self.places.append((module, name, real))
                    setattr(module, name, stand_in)

    def restore(self):
        """Puts the modules back in their places."""
        while self.places:
            module, name, real = self.places.pop()
            setattr(module, name, real)

    # socket

    def create(self, channel, arguments):
        """Calls a channel's `create_socket`, which gets what the scenario says."""
        saved = self.creating
        self.creating = channel.scenario_name
        try:
            channel.create_socket(**arguments)
        finally:
            self.creating = saved

    def socket(self, family=socket.AF_INET, type=socket.SOCK_STREAM, *others, **keywords):
        name = self.creating
        if self.probed is not None:
            self.probed.append("socket")
            return self.adapter.probe_socket()
        if name is None:
            return socket.socket(family, type, *others, **keywords)
        kind = type & ~TYPE_FLAGS
        arg = {"type": "list", "items": [constant_word(FAMILIES, family), constant_word(TYPES, kind)]}
        if self.adapter.conversation is not None:
            sock = self.adapter.conversation.create(name, family, type, arg)
            self.adapter.owns(name, sock)
            return sock
        reply = self.adapter.scripts[name].next_reply("create")
        if isinstance(reply, tuple):
            given, sock = reply
            self.adapter.owns(name, sock)
            self.recorder.socket_call(name, "create", arg, value=report_bytes(given))
            self.made(given, family, type)
            return sock
        if reply:
            error = system_error(reply)
            self.recorder.socket_call(name, "create", arg, error=error)
            raise error
        self.recorder.socket_call(name, "create", arg, value=NONE)
        sock = self.adapter.sockets[name]
        self.made(name, family, type)
        self.adapter.scripts[name].connection = UNCONNECTED
        self.adapter.owns(name, sock)
        return sock

    def made(self, name, family, type):
        """Notes as what a scripted socket was made."""
        script = self.adapter.scripts[name]
        script.family, script.kind = family, type & ~TYPE_FLAGS
        if type & NONBLOCKING:
            script.blocking = False

    # select and time

    def during(self, reports, channel_map, call, arguments):
        """Calls something whose waits tell what the scenario says. Such calls nest."""
        saved = self.reports, self.channel_map, self.depth
        self.reports = collections.deque(reports)
        self.channel_map = self.adapter.default_map() if channel_map is None else channel_map
        self.depth = self.recorder.depth
        try:
            call(**arguments)
        finally:
            self.reports, self.channel_map, self.depth = saved

    def select(self, readers, writers, others, timeout=None):
        if timeout is not None and timeout < 0:
            refused(select.select, [], [], [], timeout)
        asked = collections.OrderedDict()
        for letter, numbers in zip("rwx", (readers, writers, others)):
            for number in numbers:
                letters = asked.get(number, "")
                asked[number] = letters if letter in letters else letters + letter
        told = dict(self.wait("select", timeout, 1000000, asked, ""))
        # As the real one does, it gives each list in the order of the list it was given.
        return tuple(
            [number for number in numbers if letter in told.get(number, "")]
            for letter, numbers in zip("rwx", (readers, writers, others))
        )

    def poll_wait(self, masks, timeout):
        """Is what `poll` of a `select.poll` object does."""
        if timeout is not None and timeout > LONGEST_POLL:
            refused(select.poll().poll, timeout)
        asked = collections.OrderedDict()
        for number, mask in masks.items():
            # What is registered for nothing is told of errors and hang-ups all the same.
            asked[number] = "".join(letter for letter, flag in CONDITIONS[:3] if mask & getattr(select, flag))
        told = self.wait("poll", timeout, 1000, asked, UNASKED)
        return [(number, flags_for(letters)) for number, letters in told]

    def sleep(self, seconds):
        if seconds is None or seconds < 0:
            refused(time.sleep, seconds)
        self.wait("sleep", seconds, 1000000, {}, "")

    def wait(self, call, timeout, scale, asked, unasked):
        """Records a wait and gives what it told, in the order of what was asked: numbers with letters."""
        if self.probed is not None:
            self.probed.append(call)
            return []
        if self.depth != self.recorder.depth:
            return self.ask(call, timeout, scale, asked, unasked)
        event = {"depth": self.recorder.depth, "ev": "wait", "call": call}
        if timeout is None:
            event["timeout"] = {"is": "never"}
        else:
            event["timeout"] = {"is": "micros", "value": int(round(timeout * scale))}
        names = [(number, self.name_of(number), letters) for number, letters in asked.items()]
        waited = [{"name": name, "conditions": letters} for _, name, letters in names if letters]
        if waited:
            event["asked"] = waited
        if not self.reports:
            self.tell_failure(event, scripted(self.recorder.exit_class()))
        scripted_report = self.reports.popleft()
        if self.adapter.conversation is not None:
            return self.wait_really(event, scripted_report, names)
        if call == "sleep":
            scripted_report = {}
        elif not isinstance(scripted_report, dict):
            self.tell_failure(event, system_error(scripted_report, select.error))
        told = []
        ready = []
        for number, name, letters in names:
            conditions = scripted_report.get(name)
            if conditions:
                conditions = "".join(letter for letter in conditions if letter in letters or letter in unasked)
            if conditions:
                told.append((number, conditions))
                ready.append({"name": name, "conditions": conditions})
        event["told"] = {"is": "ready", "ready": ready}
        self.recorder.add(event)
        return told

    def ask(self, call, timeout, scale, asked, unasked):
        """Answers a wait that is no part of a pass: somebody looks at a socket of its own, which is not recorded."""
        if self.adapter.conversation is not None:
            limited = timeout is not None and timeout >= 0
            seconds = min(timeout / float(scale), LONGEST_BLOCK) if limited else LONGEST_BLOCK
            return list(WAITS[call]([(int(number), letters) for number, letters in asked.items()], seconds).items())
        told = []
        for number, letters in asked.items():
            found = self.state_of(number)
            found = "".join(letter for letter in LETTERS if letter in found and letter in letters + unasked)
            if found:
                told.append((number, found))
        return told

    def state_of(self, number):
        """Says for what a scripted socket is ready, as letters."""
        for script in self.adapter.scripts.values():
            if script.number != number:
                continue
            error = 0 if script.connection is None else script.connection_error(self.recorder.steps)
            if error:
                return "rweh"
            return "" if error is None else "rw" if script.inputs else "w"
        return ""

    def wait_really(self, event, longest, names):
        """Waits as asked, but no longer than the step says; records what came of it, and gives what `wait` does."""
        timeout = event["timeout"].get("value", -1) / 1000000.0
        seconds = longest if timeout < 0 else min(timeout, longest)
        # A map can have an object in a number's place.
        asked = [
            (int(number.fileno() if hasattr(number, "fileno") else number), letters) for number, _, letters in names
        ]
        try:
            found = WAITS[event["call"]](asked, seconds)
        except SYSTEM_ERRORS as error:
            self.tell_failure(event, scripted(error))
        told = []
        ready = []
        for (descriptor, _), (number, name, _) in zip(asked, names):
            conditions = found.get(descriptor)
            if conditions:
                told.append((number, conditions))
                if name in self.adapter.channels:
                    ready.append({"name": name, "conditions": conditions})
        event["told"] = {"is": "ready", "ready": ready}
        self.recorder.add(event)
        return told

    def tell_failure(self, event, error):
        """Records a wait that fails, and lets it."""
        event["told"] = {"is": "raised", "exception": self.recorder.exception(error)}
        self.recorder.add(event)
        raise error

    def name_of(self, number):
        """Names the channel that is meant by a descriptor."""
        channel = self.channel_map.get(number)
        if channel is not None:
            return channel.scenario_name
        return self.adapter.last_channel_with(number)

    # os and fcntl

    def handle_of(self, number):
        """Gives what a scripted descriptor stands for, or None for one of the operating system."""
        if isinstance(number, ScenarioNumber):
            return number.handle
        if isinstance(number, FileObject):
            raise TypeError("an integer is required (got type %s)" % number.__class__.__name__)
        if isinstance(number, INTEGERS) and number < 0:
            raise system_error(errno.EBADF, OSError)
        return None

    def read(self, number, size):
        handle = self.handle_of(number)
        return os.read(number, size) if handle is None else handle.recv(size)

    def write(self, number, data):
        handle = self.handle_of(number)
        return os.write(number, data) if handle is None else handle.send(data)

    def close(self, number):
        handle = self.handle_of(number)
        if handle is None:
            os.close(number)
        elif number.scenario is self.adapter.scripts:
            handle.close()
        # Otherwise it is closed by the collection of what an earlier scenario left.

    def dup(self, number):
        handle = self.handle_of(number)
        if handle is None:
            return os.dup(number)
        handle = handle._duplicate(self.adapter.next_number)
        return self.adapter.descriptor(handle)

    def set_blocking(self, number, flag):
        handle = self.handle_of(number)
        if handle is None:
            os.set_blocking(number, flag)
        else:
            handle._set_blocking(flag)

    def get_blocking(self, number):
        handle = self.handle_of(number)
        return os.get_blocking(number) if handle is None else handle._is_blocking()

    def fcntl(self, number, command, argument=0):
        handle = self.handle_of(number)
        if handle is None:
            return fcntl.fcntl(number, command, argument)
        if command in DUPLICATES:
            return self.dup(number)
        if command == fcntl.F_SETFL:
            handle._set_blocking(not argument & os.O_NONBLOCK)
            return 0
        if command == fcntl.F_GETFL:
            return 0 if handle._is_blocking() else os.O_NONBLOCK
        if command in (fcntl.F_GETFD, fcntl.F_SETFD):
            return 0
        raise self.recorder.refuse("the subject uses command %s of fcntl" % command)


# The longest time in milliseconds that `poll` of the system takes.
LONGEST_POLL = (1 << 31) - 1

# The commands of fcntl that make another descriptor.
DUPLICATES = tuple(getattr(fcntl, name) for name in ("F_DUPFD", "F_DUPFD_CLOEXEC") if hasattr(fcntl, name))


def select_really(asked, seconds):
    """Calls the system's `select`; gives the letters of what is ready by its number."""
    lists = [[number for number, letters in asked if letter in letters] for letter in "rwx"]
    found = {}
    for letter, numbers in zip("rwx", select.select(*(lists + [seconds]))):
        for number in numbers:
            found[number] = found.get(number, "") + letter
    return found


def poll_really(asked, seconds):
    """Calls the system's `poll`; gives the letters of what is ready by its number."""
    waiter = select.poll()
    for number, letters in asked:
        waiter.register(number, flags_for(letters))
    return dict(
        (number, "".join(letter for letter, flag in CONDITIONS if flags & getattr(select, flag)))
        for number, flags in waiter.poll(int(round(seconds * 1000)))
    )


def sleep_really(asked, seconds):
    """Calls the system's `sleep`, after which nothing is ready."""
    time.sleep(seconds)
    return {}


WAITS = {"select": select_really, "poll": poll_really, "sleep": sleep_really}


def refused(function, *arguments):
    """Calls a function of the system with what it refuses, for the exception that it raises."""
    try:
        function(*arguments)
    except SYSTEM_ERRORS as error:
        raise scripted(error)


def constant_word(words, constant):
    """Makes the value of a constant of the module `socket`: its word."""
    for word, name in words.items():
        if getattr(socket, name, None) == constant:
            return report_bytes(word)
    return report(constant)


def flags_for(letters):
    """Makes the flags that `poll` gives for letters."""
    flags = 0
    for letter, flag in CONDITIONS:
        if letter in letters:
            flags |= getattr(select, flag)
    return flags


# Running scenarios


def field_count(entry, count):
    """Refuses an object with fields beyond those that are known: nobody knows what they would ask for."""
    if len(entry) > count:
        raise Unsupported("unknown field in %s" % json.dumps(entry, sort_keys=True))


def endings(recorder):
    """Makes a table of what makes the exception of a reaction's ending, by its kind."""
    def other(exception):
        if exception.get("class") is not None:
            raise Unsupported("a scenario cannot raise the class %s" % exception["class"])
        return ScenarioError

    def system(exception):
        number = errno_named(exception["errno"])
        return lambda: system_error(number)

    return {
        "exit": lambda exception: recorder.exit_class,
        "interrupt": lambda exception: KeyboardInterrupt,
        "os": system,
        "other": other,
    }


class Adapter(object):
    """Drives one pair of modules. A port's own adapter overrides some of the methods up to `identify`."""

    # The modules that are imported when the command line does not name others.
    asyncore_name = "asyncore"
    asynchat_name = "asynchat"

    def make_socket(self, script):
        """Makes the scripted socket that does what `script` says."""
        return ScriptedSocket(self.recorder, script, script.number)

    def make_real_socket(self, script):
        """Makes what records the calls of a real socket; it gets the socket when there is one."""
        return RealSocket(self.recorder, script, self.conversation)

    def connect_real(self, place):
        """Makes a real socket of the module `socket` and connects it to where a channel's peer is."""
        sock = socket.socket(place.family, place.type)
        try:
            sock.settimeout(LONGEST_CONNECT)
            sock.connect(place.address)
        except BaseException:
            sock.close()
            raise
        return sock

    def open_pipe(self, path):
        """Opens the reading end of a named pipe, without waiting for one who writes; gives its descriptor."""
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) & ~os.O_NONBLOCK)
        return number

    def make_channel(self, channel_class, sock, channel_map):
        """Makes an `async_chat` of `channel_class`, on `sock` if it is not None."""
        if channel_map is None:
            return channel_class(sock)
        if self.takes_map is None:
            self.takes_map = takes_map(self.async_chat)
        if not self.takes_map:
            raise Unsupported("the constructor of async_chat takes no map")
        return channel_class(sock, channel_map)

    def make_dispatcher(self, dispatcher_class, sock, channel_map):
        """Makes a channel of another class, on `sock` if it is not None."""
        return dispatcher_class(sock) if channel_map is None else dispatcher_class(sock, channel_map)

    def make_file_dispatcher(self, dispatcher_class, file, channel_map):
        """Makes a `file_dispatcher` of a descriptor, or of an object that has one."""
        return dispatcher_class(file) if channel_map is None else dispatcher_class(file, channel_map)

    def make_wrapper(self, number):
        """Makes a `file_wrapper` of a descriptor."""
        return self.asyncore.file_wrapper(number)

    def new_map(self):
        """Makes an empty map that keeps its order."""
        return Map()

    def new_default_map(self):
        """Makes an empty map of the kind that the subject has itself."""
        for _, _, first_map in self.first_maps:
            if type(first_map) is dict and sys.version_info >= (3, 7):
                # It keeps its order, and whoever has it from the beginning has the right one.
                first_map.clear()
                return first_map
            if type(first_map) is not dict:
                try:
                    return type(first_map)()
                except TypeError:
                    break
        return self.new_map()

    def default_map(self):
        """Gives the map that a channel is registered in when none is given."""
        return self.asyncore.socket_map

    def use_default_map(self, channel_map):
        """Replaces the default map by one made for a scenario or, for None, by what was there first."""
        for module, name, first_map in self.first_maps:
            setattr(module, name, first_map if channel_map is None else channel_map)

    def set_socket(self, channel, sock):
        """Gives a socket to a channel, such as one that was made without, so that it is not connected."""
        channel.set_socket(sock)

    def connect(self, channel):
        """Connects a channel; a scripted socket connects at once unless the scenario says otherwise."""
        channel.connect(self.peer_address(channel))

    def bind(self, channel):
        """Binds a channel to an address."""
        channel.bind(self.local_address(channel))

    def deliver_read(self, channel):
        """Tells a channel once that there is something to read."""
        channel.handle_read()

    def deliver_write(self, channel):
        """Tells a channel once that it can write."""
        channel.handle_write()

    def dispatch(self, channel, by):
        """Dispatches one event to a channel: `by` is `read`, `write` or `exception`."""
        {"read": self.asyncore.read, "write": self.asyncore.write, "exception": self.asyncore._exception}[by](channel)

    def readwrite(self, channel, flags):
        """Dispatches what poll reported to a channel."""
        self.asyncore.readwrite(channel, flags)

    def poll(self, use_poll, **given):
        """Makes one pass of the loop; `given` has `timeout` (seconds or None) and `map` only where they are given."""
        (self.asyncore.poll2 if use_poll else self.asyncore.poll)(**given)

    def loop(self, **given):
        """Runs the loop; of `timeout`, `use_poll`, `map` and `count`, `given` has those that are given."""
        # A program gives what comes first by position or by name.
        names = ("timeout", "use_poll", "map", "count") if len(given) % 2 else ()
        first = [given.pop(name) for name in itertools.takewhile(given.__contains__, names)]
        self.asyncore.loop(*first, **given)

    def close_all(self, **given):
        """Closes every channel of a map; `given` has `map` and `ignore_all` only where they are given."""
        self.asyncore.close_all(**given)

    def features(self):
        """Lists what the subject can be asked to do."""
        features = ["python"]
        if self.find_prefix_at_end is not None:
            features.append("prefix")
        if self.fifo is not None:
            features.append("fifo")
        if self.simple_producer is not None:
            features.append("simple_producer")
        if self.async_chat is not None or self.dispatcher is not None:
            features += [
                "binary", "errors", "partial_sends", "reactions", "raise", "internal_reactions", "descriptors",
            ]
        if self.dispatcher is not None:
            features += [name for name in self.dispatcher_features() if name not in self.lacks]
            features += self.real_features("file" in features)
        if self.async_chat is not None:
            features += [
                "chat", "producer", "sizes", "unconnected", "bare", "terminator.count", "terminator.none",
                "terminator.unset",
            ]
            if hasattr(self.async_chat, "refill_buffer"):
                features.append("refill_buffer")
            if hasattr(self.async_chat, "_get_data") and hasattr(self.async_chat, "_collect_incoming_data"):
                features.append("gather")
            if hasattr(self.async_chat, "use_encoding"):
                features.append("use_encoding")
        return features

    def dispatcher_features(self):
        """Lists what asyncore itself can be asked to do: nothing that it, or its `dispatcher`, does not have."""
        def has(owner, *names):
            return all(hasattr(owner, name) for name in names)

        module, dispatcher = self.asyncore, self.dispatcher
        maps = has(module, "socket_map") and has(dispatcher, "add_channel", "del_channel") and takes_map(dispatcher)
        present = (
            ("dispatcher", True),
            ("with_send", has(module, "dispatcher_with_send")),
            ("file", has(module, "file_dispatcher", "file_wrapper", "os")),
            ("loop", has(module, "poll", "poll2", "loop", "ExitNow", "select", "time")),
            ("dispatch", has(module, "read", "write", "_exception", "readwrite")),
            ("events", has(dispatcher, "handle_read_event", "handle_write_event", "handle_expt_event")),
            ("connect", has(dispatcher, "connect")),
            ("listen", has(dispatcher, "bind", "listen", "accept", "handle_accept", "set_reuse_addr")),
            ("create_socket", has(dispatcher, "create_socket", "set_socket") and has(module, "socket")),
            ("maps", maps),
            ("close_all", has(module, "close_all")),
        )
        return [name for name, there in present if there]

    def real_features(self, files):
        """Lists the transports that are there; `files` says whether the subject has files."""
        return ["sockets.%s" % transport for transport in sorted(TRANSPORTS) if is_there(transport, files)]

    def identify(self):
        """Says who the subject is: its name, its version, the release of CPython it follows, and why that one."""
        modules = [module for module in (self.asyncore, self.asynchat) if module is not None]
        version = ".".join(str(part) for part in sys.version_info[:3])
        if all(is_standard(module) and "." not in module.__name__ for module in modules):
            return {
                "name": "%s %s" % (platform.python_implementation(), modules[-1].__name__),
                "version": platform.python_version(),
                "follows": version,
                "because": "the modules are those of the interpreter's own standard library",
            }
        follows, because = self.probe_release()
        if all(is_standard(module) for module in modules):
            version = platform.python_version()
        else:
            version = distribution_version(modules[-1])
        name = ", ".join(module.__name__ for module in modules)
        return {"name": name, "version": version, "follows": follows, "because": because}

    # What no port needs to override

    def __init__(self, asyncore, asynchat):
        """Prepares to drive two modules; either may be None."""
        self.asyncore = asyncore
        self.asynchat = asynchat
        self.async_chat = getattr(asynchat, "async_chat", None)
        self.dispatcher = getattr(asyncore, "dispatcher", None)
        self.fifo = getattr(asynchat, "fifo", None)
        self.simple_producer = getattr(asynchat, "simple_producer", None)
        self.find_prefix_at_end = getattr(asynchat, "find_prefix_at_end", None)
        self.modules = modules_of(asyncore, self.async_chat)
        self.first_maps = maps_of(self.modules)
        self.recorder = Recorder(getattr(asyncore, "ExitNow", ()))
        self.producer_classes = producer_classes(self.simple_producer, self.recorder)
        self.channel_classes = {}
        self.subclasses = {}
        self.dispatcher_classes = {}
        self.takes_map = None
        if self.async_chat is not None:
            self.channel_classes = channel_classes(self.async_chat, self.recorder)
        for word, name in CLASSES.items():
            base = getattr(asyncore, name, None)
            if base is not None:
                self.dispatcher_classes[word] = dispatcher_class(base, self.recorder)
        self.endings = endings(self.recorder)
        self.builders = self.action_builders()
        self.set_ups = self.set_up_table()
        self.scripted_calls = {"replies": self.set_up_replies, "sends": self.set_up_sends}
        self.conversation = None
        self.mentioned = set()
        self.lacks = {}
        self.stand_ins = StandIns(self, self.modules)
        self.forget()
        self.stand_ins.install()
        if self.dispatcher is not None:
            self.lacks = self.find_what_lacks()
        self.declared = frozenset(self.features())
        self.missing = self.missing_hooks()

    # What cannot be replaced in the subject

    def find_what_lacks(self):
        """Finds the features without which the subject must do, as it goes round the stand-ins; says why of each."""
        probes = {"loop": self.probe_waits, "create_socket": self.probe_creation, "file": self.probe_file}
        there = self.dispatcher_features()
        reasons = dict((name, self.probe(probes[name])) for name in sorted(probes) if name in there)
        return dict((name, reason) for name, reason in reasons.items() if reason is not None)

    def probe(self, find):
        """Finds something out with the stand-ins in place, where nothing is recorded."""
        channel_map = self.new_default_map()
        self.use_default_map(channel_map)
        self.stand_ins.probed = []
        try:
            return find(self.stand_ins.probed)
        finally:
            self.forget()
            self.clear_maps([channel_map])

    def probe_socket(self, number=None):
        """Makes a scripted socket for something to be found out."""
        number = self.next_number() if number is None else number
        self.scripts["probe%d" % number] = script = Script("probe", number)
        return self.make_socket(script)

    def probe_waits(self, called):
        """Says which pass waits where the adapter does not see it, if one does: it serves a real descriptor in time."""
        if not hasattr(socket, "socketpair"):
            return None
        for use_poll, name in ((False, "poll"), (True, "poll2")):
            pair = socket.socketpair()
            try:
                early = self.serves(use_poll, pair[0])
                pair[1].send(b"x")
                late = self.serves(use_poll, pair[0])
            finally:
                for sock in pair:
                    sock.close()
            if late and not early and not called:
                return "its %s waits where no stand-in is" % name
            del called[:]
        return None

    def serves(self, use_poll, sock):
        """Says whether a pass calls a handler of a channel that has the number of a real socket."""
        self.recorder.reset()
        channel_map = self.new_map()
        self.use_default_map(channel_map)
        try:
            channel = self.make_dispatcher(self.dispatcher_classes["dispatcher"], self.probe_socket(sock.fileno()), None)
            channel.scenario_writable = (False,)
            self.poll(use_poll, timeout=SETTLING)
        except Exception:
            pass
        finally:
            self.clear_maps([channel_map])
        return any(event.get("hook") in ("handle_read_event", "handle_read") for event in self.recorder.events)

    def probe_creation(self, called):
        """Says whether `create_socket` makes a socket that the adapter does not see."""
        sock = None
        try:
            channel = self.make_dispatcher(self.dispatcher_classes["dispatcher"], None, None)
            channel.create_socket(socket.AF_INET, socket.SOCK_STREAM)
            sock = channel.socket
        except Exception:
            pass
        if called or sock is None:
            return None
        sock.close()
        return "its create_socket makes sockets where no stand-in is"

    def probe_file(self, called):
        """Says whether a file_dispatcher takes a scripted file for one of the system, which there is not."""
        script = Script("probe", self.next_number())
        self.scripts["probe"] = script
        file = self.descriptor(ScriptedSocket(self.recorder, script, script.number, OSError))
        try:
            self.make_file_dispatcher(self.dispatcher_classes["file"], file, None)
        except SYSTEM_ERRORS as error:
            if errno_of(error) == errno.EBADF:
                return "its file_dispatcher uses files where no stand-in is"
        except Exception:
            pass
        return None

    def loop_kind(self):
        """Says how the subject's loop can be driven."""
        return "settle" if "loop" in self.lacks and hasattr(self.asyncore, "loop") else "pass"

    def missing_hooks(self):
        """Lists the hooks of its release that the subject does not have."""
        follows = [int(part) for part in re.findall(r"\d+", self.identify()["follows"])[:2]]
        old = follows < [2, 6]
        with_send = getattr(self.asyncore, "dispatcher_with_send", None)
        wanted = [(self.async_chat, "initiate_send"), (with_send, "initiate_send")]
        wanted += [(self.dispatcher, name) for name in EVENT_HOOKS]
        wanted.append((self.async_chat, "refill_buffer") if old else (self.dispatcher, "handle_connect_event"))
        missing = set(name for owner, name in wanted if owner is not None and not hasattr(owner, name))
        if self.async_chat is not None and self.probe(self.sends_by_itself):
            missing.add("initiate_send")
        return sorted(missing)

    def sends_by_itself(self, _called):
        """Says whether `push` sends without `initiate_send`: then a call of that means nothing."""
        try:
            channel = self.make_channel(self.channel_classes["plain"], self.probe_socket(), None)
            self.recorder.reset()
            channel.push(b"x")
        except Exception:
            return False
        sent = any(event.get("call") == "send" for event in self.recorder.events)
        return sent and not any(event.get("hook") == "initiate_send" for event in self.recorder.events)

    def probe_release(self):
        """Finds the release that the subject follows by what it has, and says in a sentence what decided."""
        dispatcher = getattr(self.asyncore, "dispatcher", None)
        accepts = hasattr(dispatcher, "handle_accepted")
        if self.async_chat is None:
            if accepts:
                return "3.11", "its dispatcher has handle_accepted"
            if hasattr(dispatcher, "handle_connect_event"):
                return "2.7.18", "its dispatcher has handle_connect_event and no handle_accepted"
            return "2.5.6", "its dispatcher has neither handle_connect_event nor handle_accepted"
        if hasattr(self.async_chat, "refill_buffer"):
            return "2.5.6", "it has refill_buffer"
        # What it has decides, never how it behaves: a defect must not pass for another release.
        if hasattr(self.async_chat, "use_encoding"):
            return "3.11", "it has no refill_buffer and has use_encoding"
        if any(hasattr(cls, "handle_accepted") for cls in inspect.getmro(self.async_chat)):
            return "3.11", "it has no refill_buffer, and its dispatcher has handle_accepted"
        return "2.7.18", "it has neither refill_buffer nor use_encoding"

    def next_number(self):
        """Gives a descriptor's number that nothing else in the scenario has."""
        self.last_number += 1
        while self.last_number in self.given_numbers:
            self.last_number += 1
        return self.last_number

    def forget(self):
        """Forgets the scenario that was run."""
        self.recorder.reset()
        self.stand_ins.forget()
        self.conversation = None
        self.last_number = FIRST_NUMBER - 1
        self.given_numbers = ()
        self.names = set()
        self.mentioned.clear()
        self.maps = {}
        self.scripts = {}
        self.sockets = {}
        self.files = {}
        self.specs = {}
        self.channels = {}
        self.homes = {}
        self.constructed = []
        self.owned = {}
        self.things = {}
        self.producers = {}
        self.fifos = {}
        self.given = {}
        self.terminators = []

    def clear_maps(self, maps):
        """Takes everything out of the scenario's maps, which lets go of it at once."""
        self.use_default_map(None)
        for channel_map in maps:
            channel_map.clear()

    def owns(self, name, sock):
        """Notes that a channel has got a socket."""
        self.owned.setdefault(name, []).append(sock.fileno())

    def last_channel_with(self, number):
        """Names the channel constructed last of those that have or had a socket of this number."""
        for name in reversed(self.constructed):
            own = None if name in self.specs else self.scripts[name].number
            if number == own or number in self.owned.get(name, ()):
                return name
        return "unknown"

    def descriptor(self, handle):
        """Makes the descriptor of a file."""
        return ScenarioNumber(handle.fileno(), handle, self.scripts)

    def hello(self, nonce):
        """Says who the subject is and what it can do."""
        answer = {
            "type": "hello",
            "protocol": PROTOCOL,
            "nonce": nonce,
            "language": "python",
            "features": sorted(self.declared),
            "observes": [kind for kind in KINDS if kind != "waits" or "loop" not in self.lacks],
            "loop": self.loop_kind(),
            "ac_in_buffer_size": getattr(self.async_chat, "ac_in_buffer_size", 0),
            "ac_out_buffer_size": getattr(self.async_chat, "ac_out_buffer_size", 0),
            "batch": BATCH,
        }
        answer.update(self.identify())
        if self.missing:
            answer["missing"] = self.missing
        reasons = [self.lacks[name] for name in sorted(self.lacks)]
        answer["because"] = "; ".join([answer["because"]] + reasons)
        return answer

    # Conversations

    def begin(self, scenario, places):
        """Makes everything that a scenario on real sockets sets up; gives the places where channels are bound."""
        self.end()
        field_count(scenario, 2)
        default_map = self.new_default_map()
        self.use_default_map(default_map)
        self.conversation = Conversation(self, scenario["setup"], places, default_map)
        try:
            reactions = self.set_up(scenario)[1]
            self.conversation.check()
            self.recorder.check()
        except SetUpRaised as refusal:
            self.end()
            raise Unsupported(str(refusal))
        except BaseException:
            self.end()
            raise
        self.recorder.reset()
        self.recorder.reactions = reactions
        self.recorder.scenario = scenario
        return self.conversation.bound()

    def step(self, action):
        """Does a step of a conversation; gives its events, and the places where channels are bound."""
        conversation = self.conversation
        if conversation is None:
            raise BadScenario("there is no conversation")
        try:
            events = self.recorder.step(self.build(action))
            conversation.check()
            return events, conversation.bound()
        except BaseException:
            self.end()
            raise

    def settle(self):
        """Makes passes until they bring nothing more; gives their events, and the places where channels are bound."""
        conversation = self.conversation
        if conversation is None:
            raise BadScenario("there is no conversation")
        events = []
        try:
            quiet = 0
            for _ in range(MOST_PASSES):
                found = self.recorder.step((self.pass_quietly, (), None))
                conversation.check()
                events += found
                quiet = 0 if any(event.get("hook") not in PREDICATES for event in found) else quiet + 1
                if quiet == QUIET_PASSES:
                    break
            return events, conversation.bound()
        except BaseException:
            self.end()
            raise

    def pass_quietly(self):
        """Makes one pass over every map, as the subject's own loop does."""
        for channel_map in [None] + list(self.maps.values()):
            given = {} if channel_map is None else {"map": channel_map}
            self.loop(timeout=SETTLING, count=1, **given)

    def end(self):
        """Ends the conversation, if there is one, and closes everything that it opened."""
        conversation = self.conversation
        if conversation is not None:
            maps = list(self.maps.values()) + [conversation.default_map]
            self.forget()
            try:
                conversation.close()
            finally:
                self.clear_maps(maps)

    def peer_address(self, channel):
        """Gives the address of a channel's peer."""
        if self.conversation is None:
            return PEER_ADDRESS
        return self.conversation.place_of(channel.scenario_name).address

    def local_address(self, channel):
        """Gives the address that a channel is bound to."""
        if self.conversation is None:
            return LOCAL_ADDRESS
        return self.conversation.place_of(channel.scenario_name).local

    # Scripted scenarios

    def run(self, scenario):
        """Runs a scenario on fresh objects and gives its trace."""
        self.end()
        field_count(scenario, 2)
        default_map = self.new_default_map()
        maps = self.maps
        self.use_default_map(default_map)
        try:
            try:
                actions, reactions = self.set_up(scenario)
            except SetUpRaised as raised:
                # It is told as the first step's, and nothing is done after that.
                event = {"ev": "raised", "exception": self.recorder.exception(raised.error)}
                return [[] if number else [event] for number in range(len(scenario["steps"]))]
            self.recorder.check()
            self.recorder.reset()
            self.recorder.reactions = reactions
            self.recorder.scenario = scenario
            self.let_go()
            step = self.recorder.step
            return [step(action) for action in actions]
        finally:
            # What is recorded from here on belongs to no trace.
            self.forget()
            maps[None] = default_map
            self.clear_maps(maps.values())

    # The set-up

    def let_go(self):
        """Holds no channel that no action is about: it is for the subject's maps to keep it alive."""
        del self.terminators[:]
        for name in set(self.channels) - self.mentioned:
            del self.channels[name]

    def made(self, what, call, *arguments):
        """Makes something of the subject's; what it raises then is told as such."""
        try:
            return call(*arguments)
        except (Unsupported, BadScenario, TooManyEvents):
            raise
        except Exception as error:
            raise SetUpRaised(what, error)

    def terminate(self, channel, terminator):
        """Sets a channel's terminator. One that is no terminator in most languages may be refused."""
        try:
            channel.set_terminator(terminator)
        except Exception as error:
            plain = terminator is None or isinstance(terminator, bytes)
            plain = plain or isinstance(terminator, INTEGERS) and not isinstance(terminator, bool)
            if plain:
                raise SetUpRaised("its terminator was set", error)
            raise Unsupported("%r is refused as a terminator" % (terminator,))

    def need(self, feature, what):
        """Refuses what needs a feature that the subject does not have."""
        if feature not in self.declared:
            raise Unsupported("%s: the subject does not have %s" % (what, feature))

    def set_up(self, scenario):
        """Makes everything that a scenario sets up, and its actions ready; gives the steps and the reactions."""
        setup = scenario["setup"]
        self.given_numbers = [entry["fd"] for entry in setup if "fd" in entry]
        constructions = []
        scripted_calls = []
        reacting = []
        for entry in setup:
            kind = entry["is"]
            if kind in self.scripted_calls:
                scripted_calls.append(entry)
            elif kind == "reaction":
                reacting.append(entry)
            elif kind in self.set_ups:
                prepare, construct = self.set_ups[kind]
                prepare(entry)
                if construct is not None:
                    constructions.append((construct, entry))
            else:
                raise Unsupported("unknown set-up: %s" % kind)
        for entry in scripted_calls:
            self.scripted_calls[entry["is"]](entry)
        for construct, entry in constructions:
            construct(entry)
        reactions = {}
        for entry in reacting:
            self.set_up_reaction(entry, reactions)
        steps = scenario["steps"]
        if self.conversation is not None:
            steps = [action for action in steps if action["do"] not in PEER_STEPS]
        actions = [self.build(action) for action in steps]
        for channel, terminator in self.terminators:
            self.terminate(channel, terminator)
        return actions, reactions

    def set_up_table(self):
        """Makes the table of what a line of the set-up makes: at once, and when all names and scripts are known."""
        return {
            "chat": (self.prepare_chat, self.construct_chat),
            "dispatcher": (self.prepare_dispatcher, self.construct_at_once),
            "wrapper": (self.prepare_wrapper, self.construct_wrapper),
            "socket": (self.set_up_socket, None),
            "over": (self.set_up_over, None),
            "map": (self.set_up_map, None),
            "producer": (self.set_up_producer, None),
            "simple_producer": (self.set_up_producer, None),
            "fifo": (self.set_up_fifo, None),
        }

    def new_name(self, entry):
        """Gives the name of something new."""
        name = entry["name"]
        if name in self.names:
            raise BadScenario("there are two things called %s" % name)
        self.names.add(name)
        return name

    def new_script(self, name, entry):
        """Makes the script of a socket or file."""
        number = entry.get("fd")
        if number is not None and self.conversation is not None:
            raise Unsupported("the number of a real descriptor cannot be chosen")
        script = Script(name, self.next_number() if number is None else number)
        self.scripts[name] = script
        return script

    def map_of(self, entry):
        """Finds the map that is meant; None is the default map."""
        name = entry.get("map")
        if name is None:
            return None
        try:
            return self.maps[name]
        except KeyError:
            raise BadScenario("there is no map called %s" % name)

    def set_up_over(self, entry):
        """Notes that the sockets are real, of which a conversation knows already."""
        if self.conversation is None:
            raise Unsupported("a scenario on real sockets is a conversation")

    def set_up_map(self, entry):
        """Makes a map."""
        self.need("maps", "map")
        field_count(entry, 2)
        self.maps[self.new_name(entry)] = self.new_map()

    def set_up_socket(self, entry):
        """Makes a socket of no channel yet."""
        self.need("dispatcher", "socket")
        known_fields(entry, SOCKET_FIELDS)
        name = self.new_name(entry)
        script = self.new_script(name, entry)
        if entry.get("peer") is not None:
            script.peer = errno_named(entry["peer"])
        if self.conversation is None:
            sock = self.make_socket(script)
        else:
            sock = self.conversation.new_socket(script, None)
        self.sockets[name] = self.things[name] = sock

    def prepare_wrapper(self, entry):
        """Makes the file of a wrapper."""
        self.need("file", "wrapper")
        field_count(entry, 2)
        name = self.new_name(entry)
        self.make_file(self.new_script(name, entry))

    def construct_wrapper(self, entry):
        """Makes a wrapper."""
        name = entry["name"]
        self.things[name] = self.make_wrapper(self.files[name])

    def make_file(self, script):
        """Makes the file that does what a script says."""
        if self.conversation is None:
            handle = ScriptedSocket(self.recorder, script, script.number, OSError)
        else:
            handle = self.conversation.new_file(script)
        self.sockets[script.name] = handle
        self.files[script.name] = self.descriptor(handle)

    def prepare_chat(self, entry):
        """Makes the socket of an `async_chat`."""
        self.need("chat", "chat")
        name = self.new_name(entry)
        script = self.new_script(name, entry)
        if self.conversation is None:
            self.sockets[name] = self.make_socket(script)
        else:
            self.sockets[name] = self.conversation.new_socket(
                script, "unconnected" if entry.get("unconnected") else "connected"
            )

    def construct_chat(self, entry):
        """Makes an `async_chat`. Its terminator is set when all of the scenario is known to be supported."""
        name = entry["name"]
        bare = gather = unconnected = use_encoding = False
        terminator = in_size = out_size = channel_map = None
        if len(entry) > 2:
            known_fields(entry, CHAT_FIELDS)
            terminator = entry.get("terminator")
            in_size = entry.get("ac_in_buffer_size")
            out_size = entry.get("ac_out_buffer_size")
            unconnected = entry.get("unconnected", False)
            bare = entry.get("bare", False)
            gather = entry.get("gather", False)
            use_encoding = entry.get("use_encoding", False)
            if use_encoding:
                self.need("use_encoding", "chat")
            if gather:
                self.need("gather", "chat")
            channel_map = self.map_of(entry)
        channel_class = self.channel_classes["bare" if bare else "gather" if gather else "plain"]
        overridden = {"ac_in_buffer_size": in_size, "ac_out_buffer_size": out_size, "use_encoding": 1 if use_encoding else None}
        channel_class = self.subclass(channel_class, overridden)
        sock = self.sockets[name]
        what = "%s was made" % name
        if unconnected:
            channel = self.made(what, self.make_channel, channel_class, None, channel_map)
            self.made(what, self.set_socket, channel, sock)
        else:
            channel = self.made(what, self.make_channel, channel_class, sock, channel_map)
        channel.scenario_name = name
        if terminator is not None:
            self.terminators.append((channel, native(terminator)))
        self.homes[name] = channel_map
        self.channels[name] = channel
        self.constructed.append(name)

    def subclass(self, cls, attributes):
        """Gives a class that overrides attributes of another one, as programs do; those that are None stay as they are."""
        attributes = dict((name, value) for name, value in attributes.items() if value is not None)
        key = (cls, tuple(sorted(attributes.items())))
        if attributes and key not in self.subclasses:
            same = ("__module__", "__qualname__")
            attributes.update((name, getattr(cls, name)) for name in same if hasattr(cls, name))
            self.subclasses[key] = type(cls)(cls.__name__, (cls,), attributes)
        return self.subclasses[key] if attributes else cls

    def prepare_dispatcher(self, entry):
        """Makes the socket or file of a dispatcher, unless it is to be on a socket of the scenario."""
        known_fields(entry, DISPATCHER_FIELDS)
        self.need("dispatcher", "dispatcher")
        name = self.new_name(entry)
        kind = entry.get("class", "dispatcher")
        if kind not in CLASSES:
            raise Unsupported("unknown class: %s" % kind)
        if kind != "dispatcher":
            self.need(kind, "dispatcher")
        self.specs[name] = entry
        given = entry.get("given", CONNECTED)
        field_count(given, 2 if given["is"] == "peerless" else 1)
        if given["is"] not in ("connected", "nothing", "peerless"):
            raise Unsupported("unknown way of giving a socket: %s" % given["is"])
        if entry.get("on") is not None:
            if entry.get("fd") is not None or given["is"] != "connected" or kind == "file":
                raise BadScenario("%s is made on a socket that has a descriptor and a peer of its own" % name)
            return
        script = self.new_script(name, entry)
        if given["is"] == "peerless":
            script.peer = errno_named(given["errno"])
        if kind == "file":
            self.make_file(script)
        elif self.conversation is None:
            self.sockets[name] = self.make_socket(script)
        else:
            self.sockets[name] = self.conversation.new_socket(script, given["is"])

    def construct_at_once(self, entry):
        """Makes a dispatcher, unless that is left for later."""
        name = entry["name"]
        self.map_of(entry)
        on = entry.get("on")
        if on is not None:
            self.sockets[name] = self.free_socket(on)
            self.scripts[name] = self.scripts[on]
        if not entry.get("later", False):
            self.made("%s was made" % name, self.construct, name)

    def construct(self, name):
        """Makes a dispatcher that has not been constructed yet."""
        if name not in self.channels:
            saved, self.recorder.constructing = self.recorder.constructing, True
            try:
                self.construct_now(name)
            finally:
                self.recorder.constructing = saved

    def construct_now(self, name):
        """Makes a dispatcher."""
        entry = self.specs[name]
        kind = entry.get("class", "dispatcher")
        channel_map = self.map_of(entry)
        if kind == "file":
            number = self.files[name]
            given = FileObject(number) if entry.get("object", False) else number
            channel = self.make_file_dispatcher(self.dispatcher_classes[kind], given, channel_map)
            self.owns(name, channel.socket)
            if self.conversation is not None:
                number.handle._release()
        else:
            sock = None if entry.get("given", CONNECTED)["is"] == "nothing" else self.sockets[name]
            if self.conversation is not None and sock is not None:
                sock._need()
            channel = self.make_dispatcher(self.dispatcher_classes[kind], sock, channel_map)
            if sock is not None:
                self.owns(name, sock)
        channel.scenario_name = name
        channel.scenario_reads = entry.get("reads")
        channel.scenario_readable = truth(name, entry.get("readable"))
        channel.scenario_writable = truth(name, entry.get("writable"))
        self.homes[name] = channel_map
        self.channels[name] = channel
        self.constructed.append(name)

    def set_up_replies(self, entry):
        """Says what a socket or file does with one call."""
        field_count(entry, 4)
        name, call = entry["on"], entry["call"]
        if call in ("recv", "send"):
            raise BadScenario("%s of %s takes no replies" % (call, name))
        if call not in CALLS:
            raise Unsupported("unknown call: %s" % call)
        if self.conversation is not None:
            self.conversation.check_replies(entry)
        replies = collections.deque(self.reply(reply, call) for reply in entry["replies"])
        script = self.script_called(name)
        if script.replies is None:
            script.replies = {}
        script.replies.setdefault(call, collections.deque()).extend(replies)

    def reply(self, reply, call):
        """Makes what a script holds for one reply."""
        kind = reply["is"]
        if kind not in ("ok", "fail", "gives", "nothing"):
            raise Unsupported("unknown reply: %s" % kind)
        field_count(reply, 2 if kind in ("fail", "gives") else 1)
        if kind == "fail":
            return errno_named(reply["errno"])
        if kind == "ok" and call != "accept":
            return 0
        if kind == "nothing" and call == "accept":
            return NOTHING
        if kind == "gives" and call in ("accept", "create"):
            name = reply["socket"]
            return name, self.free_socket(name)
        raise BadScenario("%s cannot be given the reply %s" % (call, kind))

    def free_socket(self, name):
        """Finds a socket of the scenario that belongs to no channel."""
        if name not in self.things or name in self.files:
            raise BadScenario("there is no socket called %s" % name)
        return self.sockets[name]

    def script_called(self, name):
        """Finds the script of a channel, a wrapper or a socket."""
        entry = self.specs.get(name)
        if entry is not None and entry.get("on") is not None:
            name = entry["on"]
        try:
            return self.scripts[name]
        except KeyError:
            raise BadScenario("there is nothing called %s that has a socket" % name)

    def set_up_producer(self, entry):
        """Makes a producer."""
        kind = entry["is"]
        known_fields(entry, PRODUCER_FIELDS[kind])
        name = self.new_name(entry)
        if kind == "producer":
            results = [native(result) for result in entry["results"]]
            producer = self.producer_classes["falsy" if entry.get("falsy", False) else "plain"](results)
        else:
            self.need("simple_producer", "simple_producer")
            make = self.producer_classes["simple"]
            data = binascii.unhexlify(entry["data"])
            size = entry.get("buffer_size")
            producer = make(data) if size is None else make(data, size)
        producer.scenario_name = name
        self.producers[name] = producer

    def set_up_fifo(self, entry):
        """Makes a fifo."""
        self.need("fifo", "fifo")
        known_fields(entry, FIFO_FIELDS)
        name = self.new_name(entry)
        items = entry.get("items")
        given = None if items is None else [native(item) for item in items]
        self.fifos[name] = self.fifo() if given is None else self.fifo(given)
        self.given[name] = given

    def set_up_sends(self, entry):
        """Says what a socket does with each `send`."""
        field_count(entry, 3)
        if self.conversation is not None:
            raise BadScenario("what a real socket does cannot be said")
        outcomes = []
        for outcome in entry["outcomes"]:
            kind = outcome["is"]
            if kind == "all":
                outcomes.append((None, None))
            elif kind == "take":
                outcomes.append((outcome["bytes"], None))
            elif kind == "fail":
                outcomes.append((None, errno_named(outcome["errno"])))
            else:
                raise Unsupported("unknown outcome of a send: %s" % kind)
        self.script_called(entry["chan"]).outcomes.extend(outcomes)

    def set_up_reaction(self, entry, reactions):
        """Says how one call of a hook reacts."""
        known_fields(entry, REACTION_FIELDS)
        on = entry["on"]
        name = entry["hook"]
        if name not in HOOKS:
            raise Unsupported("unknown hook: %s" % name)
        if name == "refill_buffer":
            self.need("refill_buffer", "reaction")
        if on in self.producers:
            hooks = PRODUCER_HOOKS
        elif on in self.specs:
            hooks = DISPATCHER_HOOKS
        elif on in self.channels:
            hooks = CHAT_HOOKS
        else:
            raise BadScenario("there is no channel or producer called %s" % on)
        if name not in hooks:
            raise BadScenario("%s has no hook %s" % (on, name))
        if name in self.missing:
            raise Unsupported("the subject has no %s" % name)
        actions = [self.build(action) for action in entry["actions"]]
        end = self.build_ending(entry.get("ending"))
        of_hook = reactions.setdefault((on, name), Reactions())
        if entry["nth"] in of_hook.by_number:
            raise BadScenario("call %d of %s.%s reacts twice" % (entry["nth"], on, name))
        of_hook.by_number[entry["nth"]] = (actions, end)

    def build_ending(self, ending):
        """Makes how a call ends: None, RETURN, or something that makes what is raised."""
        if ending is None or ending["is"] == "normal":
            return None
        if ending["is"] == "return":
            return RETURN
        if ending["is"] != "raise":
            raise Unsupported("unknown ending: %s" % ending["is"])
        kind = ending["exception"]["kind"]
        if kind not in self.endings:
            raise Unsupported("unknown kind of exception: %s" % kind)
        return self.endings[kind](ending["exception"])

    # The steps

    def build(self, action):
        """Makes an action ready: a callable, its arguments, and what makes its result a value, if it is recorded."""
        kind = action["do"]
        try:
            fields, builder = self.builders[kind]
        except KeyError:
            raise Unsupported("unknown step: %s" % kind)
        if isinstance(fields, int):
            field_count(action, fields + 1)
        else:
            known_fields(action, fields)
        self.mentioned.add(action.get("chan"))
        return builder(action)

    def no_channel(self, action):
        """Is the answer to an action on something that is not there."""
        return BadScenario("no channel for %s" % json.dumps(action, sort_keys=True))

    def chat_of(self, action):
        """Finds the `async_chat` that an action is about."""
        name = action["chan"]
        if name in self.channels and name not in self.specs:
            return self.channels[name]
        raise self.no_channel(action)

    def on_channel(self, action, call, arguments=(), convert=None):
        """Makes a call ready whose first argument is the channel; nothing happens if there is none at the time."""
        name = action["chan"]
        channel = self.channels.get(name)
        if channel is not None:
            return call, (channel,) + arguments, convert
        if name in self.specs:
            return self.when_constructed, (name, call, arguments, convert), None
        raise self.no_channel(action)

    def on_dispatcher(self, action, call, arguments):
        """Is `on_channel` for what is not possible for an `async_chat`."""
        if action["chan"] not in self.specs:
            raise self.no_channel(action)
        return self.on_channel(action, call, arguments)

    def when_constructed(self, name, call, arguments, convert):
        """Does what is to be done with a channel, if it has been constructed."""
        channel = self.channels.get(name)
        if channel is not None:
            self.recorder.perform((call, (channel,) + arguments, convert))

    def method(self, action, name, arguments=(), convert=None):
        """Makes a call of a channel's method ready."""
        chan = action["chan"]
        channel = self.channels.get(chan)
        if channel is not None:
            try:
                return getattr(channel, name), arguments, convert
            except AttributeError:
                raise Unsupported("%s has no %s" % (chan, name))
        if chan not in self.specs:
            raise self.no_channel(action)
        if not hasattr(self.dispatcher_classes[self.specs[chan].get("class", "dispatcher")], name):
            raise Unsupported("%s has no %s" % (chan, name))
        return self.on_channel(action, invoke, (name,) + arguments, convert)

    def method_of_any(self, action, name, arguments=(), convert=None):
        """Makes a call of a method ready that wrappers and sockets have, too."""
        thing = self.things.get(action["chan"])
        if thing is None:
            return self.method(action, name, arguments, convert)
        return getattr(thing, name), arguments, convert

    def producer_called(self, name):
        """Finds a producer."""
        try:
            return self.producers[name]
        except KeyError:
            raise BadScenario("there is no producer called %s" % name)

    def fifo_of(self, action):
        """Finds the fifo that an action is about."""
        try:
            return self.fifos[action["fifo"]]
        except KeyError:
            raise BadScenario("there is no fifo called %s" % action["fifo"])

    def action_builders(self):
        """Makes the table of all actions: how many fields each has, or which, and what makes it ready."""
        def chat_method(name, convert=None):
            return lambda action: (getattr(self.chat_of(action), name), (), convert)

        def chat_method_with(name, field):
            return lambda action: (getattr(self.chat_of(action), name), (native(action[field]),), None)

        def method(name, convert=None):
            return lambda action: self.method(action, name, (), convert)

        def fifo_method(name, convert):
            return lambda action: (getattr(self.fifo_of(action), name), (), convert)

        def set_truth(attribute):
            return lambda action: self.on_dispatcher(action, setattr, (attribute, truth(action["chan"], action["value"])))

        return {
            "recv": (2, self.build_recv),
            "handle_read": (1, lambda action: self.on_channel(action, self.deliver_read)),
            "handle_write": (1, lambda action: self.on_channel(action, self.deliver_write)),
            "push": (2, chat_method_with("push", "data")),
            "push_with_producer": (2, self.build_push_with_producer),
            "close_when_done": (1, chat_method("close_when_done")),
            "initiate_send": (1, method("initiate_send")),
            "refill_buffer": (1, self.needing("refill_buffer", chat_method("refill_buffer"))),
            "set_terminator": (2, chat_method_with("set_terminator", "terminator")),
            "get_terminator": (1, chat_method("get_terminator", report)),
            "readable": (1, method("readable", report_truth)),
            "writable": (1, method("writable", report_truth)),
            "discard_buffers": (1, chat_method("discard_buffers")),
            "close": (1, lambda action: self.method_of_any(action, "close")),
            "connect": (1, self.needing("connect", lambda action: self.on_channel(action, self.connect_channel))),
            "buffer_sizes": (1, lambda action: (buffer_sizes, (self.chat_of(action),), report)),
            "get_data": (1, self.needing("gather", chat_method("_get_data", report))),
            "more": (1, lambda action: (self.producer_called(action["producer"]).more, (), report)),
            "fifo_push": (2, lambda action: (self.fifo_of(action).push, (native(action["item"]),), None)),
            "fifo_pop": (1, fifo_method("pop", report_pair)),
            "fifo_first": (1, fifo_method("first", report)),
            "fifo_is_empty": (1, fifo_method("is_empty", report_truth)),
            "fifo_len": (1, lambda action: (len, (self.fifo_of(action),), report)),
            "fifo_given": (1, self.build_fifo_given),
            "find_prefix_at_end": (2, self.needing("prefix", self.build_find_prefix)),
            "arrive": (2, self.build_arrive),
            "construct": (1, self.build_construct),
            "create_socket": (CREATE_FIELDS, self.needing("create_socket", self.build_create_socket)),
            "set_socket": (2, self.needing("create_socket", self.build_set_socket)),
            "set_reuse_addr": (1, self.needing("listen", method("set_reuse_addr"))),
            "bind": (1, self.needing("listen", lambda action: self.on_channel(action, self.bind))),
            "listen": (2, self.needing("listen", lambda action: self.method(action, "listen", (action["backlog"],)))),
            "accept": (1, self.needing("listen", method("accept", report_accepted))),
            "send": (2, self.build_send),
            "receive": (2, lambda action: self.method_of_any(action, "recv", (action["size"],), report)),
            "call": (2, self.build_call),
            "handle_accepted": (2, self.needing("listen", self.build_handle_accepted)),
            "dispatch": (2, self.needing("dispatch", self.build_dispatch)),
            "readwrite": (2, self.needing("dispatch", self.build_readwrite)),
            "poll": (POLL_FIELDS, self.needing("loop", self.build_poll)),
            "loop": (LOOP_FIELDS, self.needing("loop", self.build_loop)),
            "close_all": (CLOSE_ALL_FIELDS, self.needing("close_all", self.build_close_all)),
            "add_channel": (CHANNEL_MAP_FIELDS, self.needing("maps", self.build_map_method)),
            "del_channel": (CHANNEL_MAP_FIELDS, self.needing("maps", self.build_map_method)),
            "map_names": (MAP_FIELDS, self.needing("maps", self.build_map_names)),
            "look": (2, self.build_look),
            "set_readable": (2, set_truth("scenario_readable")),
            "set_writable": (2, set_truth("scenario_writable")),
            "log": (2, lambda action: self.build_log(action, "log", action["message"])),
            "log_info": (3, lambda action: self.build_log(action, "log_info", action["message"], action["kind"])),
            "repr": (1, lambda action: self.on_channel(action, name_class, (), report_bytes)),
            "compact_traceback": (1, self.build_compact_traceback),
            "strerror": (1, self.build_strerror),
        }

    def needing(self, feature, builder):
        """Makes a builder of an action that needs a feature of the subject."""
        def checked(action):
            self.need(feature, action["do"])
            return builder(action)

        return checked

    def input_of(self, action):
        """Makes what there is to receive: bytes, EOF, or an error number."""
        if self.conversation is not None:
            raise BadScenario("what a real socket receives cannot be said")
        given = action["input"]
        kind = given["is"]
        if kind == "data":
            return binascii.unhexlify(given["hex"])
        if kind == "eof":
            return EOF
        if kind == "fail":
            return errno_named(given["errno"])
        raise Unsupported("unknown input: %s" % kind)

    def build_recv(self, action):
        """Makes a `recv` ready."""
        item = self.input_of(action)
        return self.on_channel(action, self.receive, (self.script_called(action["chan"]), item))

    def receive(self, channel, script, item):
        """Gives a channel's socket something to receive and tells the channel."""
        script.inputs.append(item)
        self.deliver_read(channel)

    def build_arrive(self, action):
        """Makes something ready to be received."""
        item = self.input_of(action)
        script = self.script_called(action["chan"])
        if action["chan"] in self.things:
            return script.inputs.append, (item,), None
        return self.on_channel(action, arrive, (script, item))

    def build_push_with_producer(self, action):
        """Makes a `push_with_producer` ready."""
        item = action["producer"]
        if item["is"] == "producer":
            producer = self.producer_called(item["name"])
        elif item["is"] == "value":
            producer = native(item["value"])
        else:
            raise Unsupported("unknown item: %s" % item["is"])
        return self.chat_of(action).push_with_producer, (producer,), None

    def build_fifo_given(self, action):
        """Makes a look at the list that a fifo was given ready."""
        self.fifo_of(action)
        given = self.given[action["fifo"]]
        return (lambda: given), (), report

    def build_find_prefix(self, action):
        """Makes a `find_prefix_at_end` ready."""
        return self.find_prefix_at_end, (native(action["haystack"]), native(action["needle"])), report

    def connect_channel(self, channel):
        """Connects a channel. What its socket is asked first is to connect; more often, it is what came of that."""
        saved, self.recorder.connecting = self.recorder.connecting, True
        try:
            self.connect(channel)
        finally:
            self.recorder.connecting = saved

    def build_construct(self, action):
        """Makes a construction ready."""
        name = action["chan"]
        if name not in self.specs or not self.specs[name].get("later", False):
            raise BadScenario("%s was not set up to be constructed later" % name)
        return self.construct, (name,), None

    def build_create_socket(self, action):
        """Makes a `create_socket` ready."""
        arguments = {}
        if action.get("family") is not None:
            arguments["family"] = getattr(socket, required(FAMILIES, action["family"], "family"))
        if action.get("kind") is not None:
            arguments["type"] = getattr(socket, required(TYPES, action["kind"], "type"))
        return self.on_channel(action, self.stand_ins.create, (arguments,))

    def build_set_socket(self, action):
        """Makes a `set_socket` ready."""
        return self.on_channel(action, self.change_socket, (self.free_socket(action["socket"]),))

    def change_socket(self, channel, sock):
        """Gives a channel a socket of the scenario."""
        if self.conversation is not None:
            sock._need()
        self.owns(channel.scenario_name, sock)
        self.set_socket(channel, sock)

    def build_send(self, action):
        """Makes a `send` ready."""
        return self.method_of_any(action, "send", (binascii.unhexlify(action["data"]),), report)

    def build_call(self, action):
        """Makes the call of a method without arguments ready."""
        name = action["method"]
        if name not in METHODS:
            raise Unsupported("unknown method: %s" % name)
        return self.method(action, name)

    def build_handle_accepted(self, action):
        """Makes a `handle_accepted` ready."""
        return self.method(action, "handle_accepted", (self.free_socket(action["socket"]), PEER_ADDRESS))

    def build_dispatch(self, action):
        """Makes the dispatch of an event ready."""
        if action["by"] not in ("read", "write", "exception"):
            raise Unsupported("unknown function: %s" % action["by"])
        return self.on_channel(action, self.dispatch, (action["by"],))

    def build_readwrite(self, action):
        """Makes a `readwrite` ready."""
        return self.on_channel(action, self.readwrite, (flags_for(conditions_of(action["conditions"])),))

    def build_poll(self, action):
        """Makes a pass of the loop ready."""
        channel_map, given = self.given_of(action)
        given["use_poll"] = bool(action["use_poll"])
        if self.conversation is None:
            reports = [wait_report(action["report"])]
        else:
            reports = [longest_wait(given.get("timeout", 0.0))]
        return self.stand_ins.during, (reports, channel_map, self.poll, given), None

    def build_loop(self, action):
        """Makes a run of the loop ready."""
        channel_map, given = self.given_of(action)
        if action["use_poll"]:
            given["use_poll"] = True
        count = action.get("count")
        if count is not None:
            given["count"] = count / 10.0 if count % 10 else count // 10
        if self.conversation is None:
            reports = [wait_report(entry) for entry in action["reports"]]
        elif count is None or "timeout" not in given:
            raise Unsupported("a loop on real sockets needs a timeout and a count")
        else:
            reports = [longest_wait(given["timeout"])] * max(0, -(-count // 10))
        return self.stand_ins.during, (reports, channel_map, self.loop, given), None

    def given_of(self, action):
        """Finds the map of a pass, and makes the arguments for a map and a timeout as far as they are given."""
        channel_map = self.map_of(action)
        given = {} if channel_map is None else {"map": channel_map}
        timeout = action.get("timeout")
        if timeout is not None:
            if timeout["is"] == "never":
                field_count(timeout, 1)
                given["timeout"] = None
            elif timeout["is"] == "micros":
                field_count(timeout, 2)
                given["timeout"] = timeout["value"] / 1000000.0
            else:
                raise Unsupported("unknown timeout: %s" % timeout["is"])
        return channel_map, given

    def build_close_all(self, action):
        """Makes a `close_all` ready."""
        channel_map = self.map_of(action)
        given = {} if channel_map is None else {"map": channel_map}
        if action["ignore_all"]:
            given["ignore_all"] = True
        return (lambda: self.close_all(**given)), (), None

    def build_map_method(self, action):
        """Makes an `add_channel` or `del_channel` ready."""
        channel_map = self.map_of(action)
        return self.method(action, action["do"], () if channel_map is None else (channel_map,))

    def build_map_names(self, action):
        """Makes a look at a map ready."""
        channel_map = self.map_of(action)

        def names():
            channels = (self.default_map() if channel_map is None else channel_map).values()
            return {"type": "list", "items": [report_bytes(channel.scenario_name) for channel in channels]}

        return names, (), identity

    def build_look(self, action):
        """Makes a look at an attribute ready."""
        name, attribute = action["chan"], action["attribute"]
        if attribute not in LOOKS:
            raise Unsupported("unknown attribute: %s" % attribute)
        look, convert = LOOKS[attribute]
        if attribute == "registered":
            return self.on_channel(action, self.is_registered, (), convert)
        script = self.script_called(name)
        if name in self.things:
            return look, (self.things[name], script), convert
        return self.on_channel(action, look, (script,), convert)

    def is_registered(self, channel):
        """Says whether a channel is in its own map, and not under the number of a socket that it had before."""
        name = channel.scenario_name
        channel_map = self.homes[name]
        items = (self.default_map() if channel_map is None else channel_map).items()
        keys = set(key for key, value in list(items) if value is channel)
        sock = getattr(channel, "socket", None)
        number = sock.fileno() if hasattr(sock, "fileno") else None
        others = set(self.owned.get(name, ())) | set([self.scripts[name].number])
        return bool(keys) and (number in keys or not keys <= others)

    def build_log(self, action, name, *texts):
        """Makes a call of the class's own `log` or `log_info` ready."""
        return self.on_channel(action, self.log, (name, tuple(native_text(text) for text in texts)))

    def log(self, channel, name, texts):
        """Calls the class's own `log` or `log_info`, and records what it prints."""
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = captures = Capture(sys.maxsize), Capture(sys.maxsize)
        try:
            getattr(channel.scenario_base, name)(channel, *texts)
        finally:
            sys.stdout, sys.stderr = streams
            for to, capture in zip(("out", "err"), captures):
                text = capture.take()
                if text:
                    self.recorder.add({"depth": self.recorder.depth, "ev": "printed", "to": to, "text": text})

    def build_compact_traceback(self, action):
        """Makes a `compact_traceback` ready."""
        compact = self.own_function("compact_traceback")
        if action["handling"]:
            return while_handling, (compact,), report_traceback
        return fails_outside, (compact,), report

    def build_strerror(self, action):
        """Makes a `_strerror` ready."""
        number = action["number"]
        strerror = self.own_function("_strerror")

        def convert(text):
            try:
                return report(True) if text == os.strerror(number) else report_bytes(text)
            except (ValueError, OverflowError):
                return report_bytes(text)

        return strerror, (number,), convert

    def own_function(self, name):
        """Finds a function of asyncore."""
        try:
            return getattr(self.asyncore, name)
        except AttributeError:
            raise Unsupported("the subject does not have %s" % name)


CHAT_FIELDS = frozenset((
    "is", "name", "terminator", "ac_in_buffer_size", "ac_out_buffer_size", "unconnected", "bare", "gather",
    "use_encoding", "map", "fd",
))
DISPATCHER_FIELDS = frozenset((
    "is", "name", "class", "given", "on", "map", "fd", "later", "reads", "readable", "writable", "object",
))
SOCKET_FIELDS = frozenset(("is", "name", "fd", "peer"))
PRODUCER_FIELDS = {
    "producer": frozenset(("is", "name", "results", "falsy")),
    "simple_producer": frozenset(("is", "name", "data", "buffer_size")),
}
FIFO_FIELDS = frozenset(("is", "name", "items"))
REACTION_FIELDS = frozenset(("is", "on", "hook", "nth", "actions", "ending"))
CREATE_FIELDS = frozenset(("do", "chan", "family", "kind"))
POLL_FIELDS = frozenset(("do", "map", "use_poll", "timeout", "report"))
LOOP_FIELDS = frozenset(("do", "map", "use_poll", "timeout", "count", "reports"))
CLOSE_ALL_FIELDS = frozenset(("do", "map", "ignore_all"))
CHANNEL_MAP_FIELDS = frozenset(("do", "chan", "map"))
MAP_FIELDS = frozenset(("do", "map"))

CONNECTED = {"is": "connected"}


def known_fields(entry, known):
    """Refuses an object with a field that is not known."""
    for field in entry:
        if field not in known:
            raise Unsupported("unknown field in %s: %s" % (entry.get("is") or entry.get("do"), field))


def identity(value):
    """Is for what is a value of a trace already."""
    return value


def invoke(channel, name, *arguments):
    """Calls a method by its name."""
    return getattr(channel, name)(*arguments)


def arrive(channel, script, item):
    """Gives a channel's socket something to receive."""
    script.inputs.append(item)


def conditions_of(letters):
    """Puts the letters of conditions in order, each once."""
    if not letters or not all(letter in LETTERS for letter in letters):
        raise Unsupported("unknown conditions: %s" % letters)
    return "".join(letter for letter in LETTERS if letter in letters)


def wait_report(entry):
    """Makes what a wait tells: an error number, or letters by the names of channels."""
    field_count(entry, 2)
    kind = entry["is"]
    if kind == "fail":
        return errno_named(entry["errno"])
    if kind != "ready":
        raise Unsupported("unknown report: %s" % kind)
    ready = {}
    for item in entry["ready"]:
        field_count(item, 2)
        name = item["name"]
        ready[name] = conditions_of(ready.get(name, "") + item["conditions"])
    return ready


def longest_wait(timeout):
    """Says for how many seconds a real wait may last."""
    if timeout is None or timeout < 0:
        raise Unsupported("a wait on real sockets must come to an end")
    return timeout


# Looks at a channel or wrapper


def look_at_flag(name):
    """Makes a look at a truth; what a release does not have is false."""
    return lambda thing, script: getattr(thing, name, False)


def look_at_blocking(thing, script):
    """Says whether a channel's socket blocks, or None if there is none."""
    sock = thing
    if script_of(thing) is None:
        sock = getattr(thing, "socket", thing)
    if sock is None:
        return None
    script = script_of(sock) or script
    return script.blocking


def look_at_delegated(thing, script):
    """Asks a channel for a method that only the socket has."""
    getattr(thing, "gettimeout")
    return True


def look_at_option(option):
    """Makes a question to `getsockopt`."""
    return lambda thing, script: thing.getsockopt(socket.SOL_SOCKET, option)


def look_at_buffer(channel, script):
    """Gives what a dispatcher_with_send keeps; a port may keep it elsewhere."""
    keeps = any(base.__name__ == CLASSES["with_send"] for base in inspect.getmro(type(channel)))
    if keeps and not hasattr(channel, "out_buffer"):
        raise Unsupported("the subject has no out_buffer")
    return channel.out_buffer


LOOKS = dict((name, (look_at_flag(name), report_truth)) for name in ("connected", "accepting", "connecting", "closing"))
LOOKS.update({
    "addr": (lambda thing, script: thing.addr, report_address),
    "blocking": (look_at_blocking, report),
    "socket": (lambda thing, script: getattr(thing, "socket", None) is not None, report),
    "registered": (None, report),
    "out_buffer": (look_at_buffer, report_data),
    "error": (look_at_option(socket.SO_ERROR), report),
    "option": (look_at_option(socket.SO_REUSEADDR), report),
    "delegated": (look_at_delegated, report),
})


def address_text(address):
    """Writes an address as `repr` of a channel does."""
    try:
        return "%s:%d" % address
    except TypeError:
        return repr(address)


def name_class(channel):
    """Gives the `repr` of a channel, with CLASS for its class, ID for its identity, and never a real address."""
    cls = channel.__class__
    text = repr(channel)
    for name in (getattr(cls, "__qualname__", cls.__name__), cls.__name__):
        text = text.replace("%s.%s" % (cls.__module__, name), "CLASS")
    address = getattr(channel, "addr", None)
    if hasattr(address, "scenario_word"):
        scripted_address = PEER_ADDRESS if address.scenario_word == "peer" else LOCAL_ADDRESS
        text = text.replace(address_text(address), address_text(scripted_address))
    return re.sub("at 0x[0-9a-fA-F]+", "at ID", text)


def innermost():
    """Raises what `compact_traceback` is to tell of."""
    raise RuntimeError("scripted")


def while_handling(function):
    """Calls a function while an exception is handled that was raised one call further in."""
    try:
        innermost()
    except RuntimeError:
        return function()


def fails_outside(function):
    """Says whether a function fails while no exception is handled, as is the case in a thread of its own."""
    failed = []

    def run():
        try:
            function()
        except Exception:
            failed.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return bool(failed)


# Who the subject is


def takes_map(chat_class):
    """Says whether a channel's constructor takes a map besides the connection; that of 2.5 and before does not."""
    try:
        chat_class(None, {})
    except TypeError:
        return False
    return True


def directory_of(module):
    """Gives the directory of a module's file, or None for a module without one."""
    path = getattr(module, "__file__", None)
    if not path:
        return None
    if path.endswith((".pyc", ".pyo")):
        path = path[:-1]
    return os.path.dirname(os.path.realpath(path))


def is_standard(module):
    """Says whether a module belongs to the interpreter's own standard library, third-party directories excluded."""
    library = directory_of(os)
    directory = directory_of(module)
    if directory is None:
        return False
    inside = os.path.relpath(directory, library).split(os.sep)
    return inside[0] not in (os.pardir, "site-packages", "dist-packages")


def distribution_version(module):
    """Finds the version of the installed distribution that a module belongs to."""
    top = module.__name__.split(".")[0]
    root = directory_of(sys.modules[top])
    if root is None:
        return "unknown"
    if hasattr(sys.modules[top], "__path__"):
        root = os.path.dirname(root)
    for entry in sorted(os.listdir(root)):
        if entry.endswith((".dist-info", ".egg-info")):
            directory = os.path.join(root, entry)
            if top in top_level_names(directory):
                for line in lines_of(directory, "METADATA") + lines_of(directory, "PKG-INFO"):
                    if line.startswith("Version:"):
                        return line[len("Version:"):].strip()
    return "unknown"


def top_level_names(directory):
    """Lists the top-level modules and packages that a distribution installed."""
    names = [line.strip() for line in lines_of(directory, "top_level.txt")]
    if not names:
        paths = [line.split(",")[0].split("/")[0] for line in lines_of(directory, "RECORD")]
        names = [path[:-3] if path.endswith(".py") else path for path in paths]
    return names


def lines_of(directory, name):
    """Reads a small file's lines; none if there is no such file."""
    try:
        with open(os.path.join(directory, name), "rb") as stream:
            return stream.read().decode("utf-8", "replace").splitlines()
    except (IOError, OSError):
        return []


# What an asyncore has that another module may define.
PARTS = (
    "dispatcher", "dispatcher_with_send", "file_dispatcher", "file_wrapper", "poll", "poll2", "loop", "read", "write",
    "_exception", "readwrite", "close_all",
)


class NoModule(Exception):
    """Says that a module could not be imported."""


def import_module(name):
    """Imports a module, or says why that is impossible."""
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise NoModule(
            "asyncore_adapter: cannot import the module %s with %s (Python %s): %s: %s; name the modules to test with "
            "--module asyncore=NAME --module asynchat=NAME, or install pyasyncore and pyasynchat for Python 3.12 and "
            "newer" % (name, sys.executable, platform.python_version(), error.__class__.__name__, error)
        )


def asyncore_of(async_chat):
    """Finds the module that the dispatcher beneath an `async_chat` comes from, or None."""
    for cls in inspect.getmro(async_chat)[1:]:
        module = sys.modules.get(cls.__module__)
        if hasattr(module, "dispatcher"):
            return module
    return None


def modules_of(asyncore, async_chat):
    """Finds the modules that define asyncore: itself, those that it has its parts from, and those of its package."""
    beneath = asyncore_of(async_chat) if async_chat is not None else None
    given = [module for module in (asyncore, beneath) if module is not None]
    found = list(given)
    for module in given:
        parts = [getattr(module, name, None) for name in PARTS]
        names = [getattr(part, "__module__", None) for part in parts]
        names += [cls.__module__ for part in parts if inspect.isclass(part) for cls in inspect.getmro(part)]
        if hasattr(module, "__path__"):
            names += [name for name in sorted(sys.modules) if name.startswith(module.__name__ + ".")]
        for other in [sys.modules.get(name) for name in names]:
            # What a port has from the standard library stays as it is.
            if isinstance(other, types.ModuleType) and other not in found and not is_standard(other):
                found.append(other)
    return found


def maps_of(modules):
    """Finds all places of the default map in modules: module, name, and the map."""
    first_maps = [module.socket_map for module in modules if hasattr(module, "socket_map")]
    return [
        (module, name, value) for module in modules for name, value in list(vars(module).items())
        if any(value is first_map for first_map in first_maps)
    ]


def import_modules(asyncore_name, asynchat_name, default_asyncore, default_asynchat):
    """Imports the modules to drive; a name that is None was not asked for. Gives asyncore and asynchat."""
    if asyncore_name is None:
        asynchat = import_module(asynchat_name or default_asynchat)
        asyncore = asyncore_of(asynchat.async_chat) if hasattr(asynchat, "async_chat") else None
        return asyncore or import_module(default_asyncore), asynchat
    asyncore = import_module(asyncore_name)
    if asynchat_name is not None:
        return asyncore, import_module(asynchat_name)
    try:
        asynchat = import_module(default_asynchat)
    except NoModule:
        return asyncore, None
    # An asynchat that stands on another asyncore would say nothing about this one.
    dispatcher = getattr(asyncore, "dispatcher", None)
    return asyncore, asynchat if dispatcher in inspect.getmro(asynchat.async_chat) else None


# The protocol


class Capture(object):
    """Takes a standard stream's place and keeps the beginning of what is printed."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, limit=PRINTED_LIMIT):
        self.pieces = []
        self.limit = self.room = limit

    def write(self, text):
        """Keeps text, as far as there is room."""
        if self.room > 0:
            piece = clean_text(text)[:self.room]
            self.pieces.append(piece)
            self.room -= len(piece)
        return len(text)

    def writelines(self, lines):
        """Keeps several pieces of text."""
        for line in lines:
            self.write(line)

    def flush(self):
        """Does nothing."""

    def isatty(self):
        """Says that nobody sits there."""
        return False

    def take(self):
        """Gives what was printed since the last time."""
        printed = u"".join(self.pieces)
        self.pieces = []
        self.room = self.limit
        return printed


def last_line():
    """Gives the last line of the traceback of the exception at hand, and where it was raised."""
    kind, error, trace = sys.exc_info()
    text = traceback.format_exception_only(kind, error)[-1].strip()
    frames = traceback.extract_tb(trace)
    if frames and not isinstance(error, BadScenario):
        text += " (%s:%d)" % (os.path.basename(frames[-1][0]), frames[-1][1])
    return clean_text(text)


# The requests of a conversation on real sockets, and their answers.
CONVERSATION = {"begin": "began", "step": "stepped", "settle": "stepped", "end": "ended"}


class Server(object):
    """Answers requests, one line each."""

    def __init__(self, adapter, capture):
        self.adapter = adapter
        self.capture = capture
        self.encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode

    def answer(self, line):
        """Answers one request; it never fails."""
        number = 0
        try:
            request = json.loads(line.decode("utf-8"))
            if not isinstance(request, dict):
                raise BadScenario("the request is not an object")
            kind = request.get("type")
            if isinstance(request.get("id"), INTEGERS):
                number = request["id"]
            if kind == "run":
                return self.encode(self.run(number, request["scenario"]))
            if kind in CONVERSATION:
                return self.encode(self.converse(number, kind, request))
            if kind == "hello":
                return self.encode(self.adapter.hello(request["nonce"]))
            raise BadScenario("unknown type of request: %s" % kind)
        except BaseException:
            return self.encode({"type": "error", "id": number, "reason": last_line()})

    def run(self, number, scenario):
        """Runs a scenario and makes the answer."""
        self.capture.take()
        try:
            trace = self.adapter.run(scenario)
        except Unsupported as refusal:
            return {"type": "unsupported", "id": number, "reason": clean_text(str(refusal))}
        answer = {"type": "ok", "id": number, "trace": trace}
        printed = self.capture.take()
        if printed:
            answer["printed"] = printed
        return answer

    def converse(self, number, kind, request):
        """Does what a request of a conversation asks for and makes the answer."""
        self.capture.take()
        answer = {"type": CONVERSATION[kind], "id": number}
        try:
            if kind == "begin":
                bound = self.adapter.begin(request["scenario"], request["places"])
            elif kind == "step":
                answer["events"], bound = self.adapter.step(request["action"])
            elif kind == "settle":
                answer["events"], bound = self.adapter.settle()
            else:
                self.adapter.end()
                return answer
        except Unsupported as refusal:
            return {"type": "unsupported", "id": number, "reason": clean_text(str(refusal))}
        if bound or "events" in answer:
            answer["bound"] = bound
        printed = self.capture.take()
        if printed and "events" in answer:
            answer["printed"] = printed
        return answer

    def serve(self, source, sink):
        """Answers what comes from one descriptor on another, until the end of the stream.

        Answers are kept back only as long as there is another complete request at hand.
        """
        begun = []
        while True:
            chunk = os.read(source, READ_SIZE)
            if not chunk:
                break
            if b"\n" not in chunk:
                begun.append(chunk)
                continue
            begun.append(chunk)
            lines = b"".join(begun).split(b"\n")
            begun = [lines.pop()]
            self.answer_all(lines, sink)
        rest = b"".join(begun)
        if rest:
            self.answer_all([rest], sink)

    def answer_all(self, lines, sink):
        """Answers several requests in as few writes as is sensible."""
        answers = []
        size = 0
        for line in lines:
            answer = self.answer(line)
            answers.append(answer)
            size += len(answer)
            if size > FLUSH_SIZE:
                write_lines(sink, answers)
                answers = []
                size = 0
        if answers:
            write_lines(sink, answers)


def write_lines(sink, lines):
    """Writes lines to a descriptor, all of them."""
    data = ("\n".join(lines) + "\n").encode("ascii")
    while data:
        data = data[os.write(sink, data):]


def module_argument(text):
    """Reads the argument of `--module`."""
    role, equals, name = text.partition("=")
    if role not in ("asyncore", "asynchat") or not name:
        raise argparse.ArgumentTypeError("expected asyncore=NAME or asynchat=NAME, not %r" % text)
    return role, name


def parse_arguments(adapter_class, argv):
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description="Drives a Python asyncore and asynchat for the conformance suite: requests are read from standard "
        "input and answered on standard output, one JSON object a line."
    )
    parser.add_argument(
        "--module", action="append", type=module_argument, default=[], metavar="ROLE=NAME",
        help="import NAME as asyncore or asynchat (default: %s and %s)"
        % (adapter_class.asyncore_name, adapter_class.asynchat_name),
    )
    return dict(parser.parse_args(argv).module)


def take_standard_streams():
    """Keeps standard input and output for the protocol: gives both descriptors, and what catches what is printed."""
    source = os.dup(0)
    sink = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    capture = Capture()
    sys.stdout = capture
    return source, sink, capture


def main(adapter_class=Adapter, argv=None):
    """Imports the modules, answers requests until standard input ends, and leaves the program."""
    names = parse_arguments(adapter_class, argv)
    warnings.simplefilter("ignore")
    # An interrupt ends the program; a KeyboardInterrupt in a trace is always the scenario's own.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    source, sink, capture = take_standard_streams()
    try:
        asyncore, asynchat = import_modules(
            names.get("asyncore"), names.get("asynchat"), adapter_class.asyncore_name, adapter_class.asynchat_name
        )
    except NoModule as problem:
        sys.stderr.write("%s\n" % problem)
        sys.exit(EXIT_NO_MODULE)
    adapter = adapter_class(asyncore, asynchat)
    try:
        Server(adapter, capture).serve(source, sink)
    except (IOError, OSError) as error:
        if errno_of(error) != errno.EPIPE:
            raise
    finally:
        adapter.end()
        adapter.stand_ins.restore()
    sys.exit(EXIT_OK)


if __name__ == "__main__":
    main()
