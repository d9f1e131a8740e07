"""Drives a Python asyncore and asynchat for the conformance suite, over JSON Lines on standard input and output.

    python asyncore_adapter.py [--module asyncore=NAME] [--module asynchat=NAME]

It runs unchanged on CPython 2.7 and on 3.6 and later, needs nothing but the standard library, and drives whatever
modules it is told to import. Either name alone is enough: an asynchat brings the asyncore that it imported along.
Without arguments it drives the modules `asyncore` and `asynchat`.

Everything a scenario asks for is made afresh: channels of a subclass of `async_chat` whose methods record their calls,
on scripted sockets that need no kernel. Nothing is recorded before the first step.

A port with another constructor or another way of telling a channel that something happened is driven by a program of
its own, which says only what is different. It is run in this file's place, with the same arguments:

    from asyncore_adapter import Adapter, main

    class MyAdapter(Adapter):
        asynchat_name = "mypackage.chat"

        def make_channel(self, channel_class, sock, channel_map):
            return channel_class(stream=sock, reactor=channel_map)

        def deliver_read(self, channel):
            channel.on_readable()

        def deliver_write(self, channel):
            channel.on_writable()

    if __name__ == "__main__":
        main(MyAdapter)

The methods meant for that are those of `Adapter` up to `identify`.
"""

import argparse
import binascii
import collections
import errno
import importlib
import inspect
import json
import os
import platform
import re
import select
import signal
import socket
import sys
import traceback
import types
import warnings

PROTOCOL = 1
BATCH = 64
PRINTED_LIMIT = 4000
EVENT_LIMIT = 20000
READ_SIZE = 1 << 20
FLUSH_SIZE = 1 << 18
PEER_ADDRESS = ("127.0.0.1", 9)

EXIT_OK = 0
EXIT_NO_MODULE = 3

KINDS = ["callbacks", "internals", "socket", "log", "results", "flags", "classes"]
INTERNALS = ("recv", "send", "close", "initiate_send", "refill_buffer")
HOOKS = frozenset(
    ("collect_incoming_data", "found_terminator", "handle_connect", "handle_close", "handle_error", "more", "log_info")
    + INTERNALS
)

ERRNO_NAMES = (
    "EAGAIN", "EALREADY", "EINPROGRESS", "EINTR", "ECONNRESET", "ENOTCONN", "ESHUTDOWN", "ECONNABORTED", "EPIPE",
    "EBADF", "EIO", "ENOBUFS", "ETIMEDOUT", "EHOSTUNREACH",
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

LONE_SURROGATE = re.compile(u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")


class Unsupported(Exception):
    """Says that the subject, or this adapter, does not have what a scenario asks for."""


class BadScenario(Exception):
    """Says that a scenario makes no sense."""


class ScenarioError(Exception):
    """Is what a scenario's own `raise other` raises."""


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


def system_error(number):
    """Makes the exception with which a socket reports an error of the operating system."""
    return SocketError(number, os.strerror(number))


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

    def add(self, event):
        """Records an event."""
        self.room -= 1
        if self.room < 0:
            raise TooManyEvents("more than %d events" % EVENT_LIMIT)
        self.events.append(event)

    def exception(self, error):
        """Describes an exception by its kind."""
        if isinstance(error, ScenarioError):
            return {"kind": "other"}
        if isinstance(error, self.exit_class):
            return {"kind": "exit"}
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            return {"kind": "interrupt"}
        if isinstance(error, SYSTEM_ERRORS):
            name = NAME_BY_ERRNO.get(errno_of(error))
            if name is not None:
                return {"kind": "os", "errno": name}
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
        try:
            self.perform(action)
        except TooManyEvents:
            raise
        except BaseException as error:
            events.append({"ev": "raised", "exception": self.exception(error)})
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
        raise ending()


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


def data_arg(data):
    """Makes the argument of a hook that is given data."""
    return {"is": "value", "value": report_data(data)}


def type_arg(message, type="info"):
    """Makes the argument of `log_info`, of which only the type is recorded."""
    if isinstance(type, Text):
        type = type.encode("utf-8")
    return {"is": "value", "value": report(type)}


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


def channel_classes(base, recorder):
    """Makes the recording subclasses of `async_chat`: the usual one, a bare one and a gathering one."""
    def exception_arg():
        error = sys.exc_info()[1]
        return None if error is None else {"is": "exception", "exception": recorder.exception(error)}

    def gather(self, data):
        self._collect_incoming_data(data)

    def override(cls, name, method, arg_of=None, flags=False, default=None):
        setattr(cls, name, hook(recorder, name, method, arg_of, flags, default))

    class BareChannel(base):
        """Records the calls of everything that the class itself fills in."""

        scenario_name = "unnamed"

    class Channel(BareChannel):
        """Records what is collected, too."""

    class GatheringChannel(BareChannel):
        """Records what is collected and keeps it as the class does."""

    for name in ("handle_connect", "handle_close"):
        override(BareChannel, name, getattr(base, name), flags=True)
    override(BareChannel, "handle_error", base.handle_error, exception_arg, flags=True)
    override(BareChannel, "log_info", None, type_arg)
    override(BareChannel, "recv", base.recv, data_arg, default=b"")
    override(BareChannel, "send", base.send, data_arg, default=0)
    for name in ("close", "initiate_send", "refill_buffer"):
        if hasattr(base, name):
            override(BareChannel, name, getattr(base, name))
    for cls, collect in ((Channel, None), (GatheringChannel, gather)):
        override(cls, "collect_incoming_data", collect, data_arg, flags=True)
        override(cls, "found_terminator", None, flags=True)
    return {"plain": Channel, "bare": BareChannel, "gather": GatheringChannel}


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


# Sockets without a kernel

EOF = object()


class ScriptedSocket(object):
    """Is a socket that does what the scenario says, and records it. It never touches a descriptor.

    Old releases look up an attribute that a channel lacks on its socket, so what it keeps is private.
    """

    def __init__(self, recorder, name, fileno):
        self.__recorder = recorder
        self.__name = name
        self.__fileno = fileno
        self.__inputs = collections.deque()
        self.__outcomes = collections.deque()
        self.__closed = False

    # What the adapter says

    def script_input(self, item):
        """Appends to what there is to receive: bytes, EOF, or an error number."""
        self.__inputs.append(item)

    def script_sends(self, outcomes):
        """Appends outcomes of `send`: pairs of the greatest number of bytes, if any, and an error number, if any."""
        self.__outcomes.extend(outcomes)

    # What the subject calls

    def recv(self, size, *flags):
        try:
            data = self.__take(size)
        except SocketError as error:
            self.__recorder.socket_call(self.__name, "recv", report(size), error=error)
            raise
        self.__recorder.socket_call(self.__name, "recv", report(size), value=report(data))
        return data

    def __take(self, size):
        if self.__closed:
            raise system_error(errno.EBADF)
        if not self.__inputs:
            raise system_error(errno.EAGAIN)
        item = self.__inputs[0]
        if item is EOF:
            return b""
        if not isinstance(item, bytes):
            self.__inputs.popleft()
            raise system_error(item)
        if len(item) > size:
            self.__inputs[0] = item[size:]
            return item[:size]
        self.__inputs.popleft()
        return item

    def send(self, data, *flags):
        arg = report_data(data)
        try:
            taken = self.__give(data)
        except (SocketError, TypeError, UnicodeError) as error:
            self.__recorder.socket_call(self.__name, "send", arg, error=error)
            raise
        self.__recorder.socket_call(self.__name, "send", arg, value={"type": "int", "value": taken})
        return taken

    def __give(self, data):
        if not isinstance(data, BYTES_LIKE):
            if bytes is not str or not isinstance(data, Text):
                raise TypeError("a bytes-like object is required, not '%s'" % data.__class__.__name__)
            data = data.encode()  # as Python 2 does
        if self.__closed:
            raise system_error(errno.EBADF)
        if not self.__outcomes:
            return len(data)
        limit, number = self.__outcomes.popleft()
        if number is not None:
            raise system_error(number)
        return len(data) if limit is None else min(limit, len(data))

    def close(self):
        self.__closed = True
        self.__recorder.socket_call(self.__name, "close", None, value={"type": "none"})

    def shutdown(self, how):
        if self.__closed:
            raise system_error(errno.EBADF)

    def fileno(self):
        return self.__fileno

    def setblocking(self, flag):
        pass

    def settimeout(self, timeout):
        pass

    def gettimeout(self):
        return 0.0

    def getpeername(self):
        return PEER_ADDRESS

    def getsockname(self):
        return PEER_ADDRESS

    def getsockopt(self, level, option, *size):
        return 0

    def setsockopt(self, level, option, value):
        pass

    def connect_ex(self, address):
        return 0

    def connect(self, address):
        pass


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

    def make_socket(self, name):
        """Makes the scripted socket of the channel that is called `name`."""
        return ScriptedSocket(self.recorder, name, self.next_fileno())

    def make_channel(self, channel_class, sock, channel_map):
        """Makes a channel of `channel_class`, on `sock` if it is not None, in `channel_map` if the class takes one."""
        if self.takes_map is None:
            self.takes_map = takes_map(self.async_chat)
        if self.takes_map:
            return channel_class(sock, channel_map)
        return channel_class(sock)

    def set_socket(self, channel, sock):
        """Gives a socket to a channel that was made without one, so that the channel is not connected."""
        channel.set_socket(sock)

    def connect(self, channel):
        """Connects a channel; the scripted socket connects at once."""
        channel.connect(PEER_ADDRESS)

    def deliver_read(self, channel):
        """Tells a channel once that there is something to read."""
        channel.handle_read()

    def deliver_write(self, channel):
        """Tells a channel once that it can write."""
        channel.handle_write()

    def features(self):
        """Lists what the subject can be asked to do."""
        features = ["python"]
        if self.find_prefix_at_end is not None:
            features.append("prefix")
        if self.fifo is not None:
            features.append("fifo")
        if self.simple_producer is not None:
            features.append("simple_producer")
        if self.async_chat is not None:
            features += [
                "chat", "producer", "sizes", "unconnected", "bare", "terminator.count", "terminator.none",
                "terminator.unset", "binary", "errors", "partial_sends", "reactions", "raise", "internal_reactions",
            ]
            if hasattr(self.async_chat, "refill_buffer"):
                features.append("refill_buffer")
            if hasattr(self.async_chat, "_get_data") and hasattr(self.async_chat, "_collect_incoming_data"):
                features.append("gather")
            if hasattr(self.async_chat, "use_encoding"):
                features.append("use_encoding")
        return features

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
        self.fifo = getattr(asynchat, "fifo", None)
        self.simple_producer = getattr(asynchat, "simple_producer", None)
        self.find_prefix_at_end = getattr(asynchat, "find_prefix_at_end", None)
        self.socket_map = getattr(asyncore, "socket_map", None)
        self.recorder = Recorder(getattr(asyncore, "ExitNow", ()))
        self.producer_classes = producer_classes(self.simple_producer, self.recorder)
        self.channel_classes = {}
        self.takes_map = None
        if self.async_chat is not None:
            self.channel_classes = channel_classes(self.async_chat, self.recorder)
        self.declared = frozenset(self.features())
        self.endings = endings(self.recorder)
        self.builders = self.action_builders()
        self.forget()

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
        return "2.7.18", "it has neither refill_buffer nor use_encoding"

    def next_fileno(self):
        """Gives a number that no other socket of the scenario has."""
        self.last_fileno += 1
        return self.last_fileno

    def forget(self):
        """Forgets the scenario that was run."""
        self.recorder.reset()
        self.channel_map = {}
        self.last_fileno = 2
        self.channels = {}
        self.sockets = {}
        self.producers = {}
        self.fifos = {}
        self.given = {}

    def clear_maps(self):
        """Takes the scenario's channels out of every map."""
        self.channel_map.clear()
        if self.socket_map:
            channels = self.channels.values()
            for fd, channel in list(self.socket_map.items()):
                if any(channel is own for own in channels):
                    del self.socket_map[fd]

    def hello(self, nonce):
        """Says who the subject is and what it can do."""
        answer = {
            "type": "hello",
            "protocol": PROTOCOL,
            "nonce": nonce,
            "language": "python",
            "features": sorted(self.declared),
            "observes": KINDS,
            "ac_in_buffer_size": getattr(self.async_chat, "ac_in_buffer_size", 0),
            "ac_out_buffer_size": getattr(self.async_chat, "ac_out_buffer_size", 0),
            "batch": BATCH,
        }
        answer.update(self.identify())
        return answer

    def run(self, scenario):
        """Runs a scenario on fresh objects and gives its trace."""
        field_count(scenario, 2)
        try:
            terminators = []
            later = []
            for entry in scenario["setup"]:
                kind = entry["is"]
                if kind == "chat":
                    self.set_up_chat(entry, terminators)
                elif kind in ("producer", "simple_producer"):
                    self.set_up_producer(entry, kind)
                elif kind == "fifo":
                    self.set_up_fifo(entry)
                elif kind in ("sends", "reaction"):
                    later.append(entry)
                else:
                    raise Unsupported("unknown set-up: %s" % kind)
            reactions = {}
            for entry in later:
                if entry["is"] == "sends":
                    self.set_up_sends(entry)
                else:
                    self.set_up_reaction(entry, reactions)
            actions = [self.build(action) for action in scenario["steps"]]
            for channel, terminator in terminators:
                channel.set_terminator(terminator)
            self.recorder.reset()
            self.recorder.reactions = reactions
            step = self.recorder.step
            return [step(action) for action in actions]
        finally:
            self.clear_maps()
            self.forget()

    # The set-up

    def need(self, feature, what):
        """Refuses what needs a feature that the subject does not have."""
        if feature not in self.declared:
            raise Unsupported("%s: the subject does not have %s" % (what, feature))

    def new_name(self, entry):
        """Gives the name of something new."""
        name = entry["name"]
        if name in self.channels or name in self.producers or name in self.fifos:
            raise BadScenario("there are two things called %s" % name)
        return name

    def set_up_chat(self, entry, terminators):
        """Makes a channel. Its terminator is set when all of the scenario is known to be supported."""
        self.need("chat", "chat")
        name = self.new_name(entry)
        bare = gather = unconnected = use_encoding = False
        terminator = in_size = out_size = None
        if len(entry) > 2:
            for field in entry:
                if field not in CHAT_FIELDS:
                    raise Unsupported("unknown option of a chat: %s" % field)
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
        channel_class = self.channel_classes["bare" if bare else "gather" if gather else "plain"]
        sock = self.make_socket(name)
        if unconnected:
            channel = self.make_channel(channel_class, None, self.channel_map)
            self.set_socket(channel, sock)
        else:
            channel = self.make_channel(channel_class, sock, self.channel_map)
        channel.scenario_name = name
        if use_encoding:
            channel.use_encoding = 1
        if in_size is not None:
            channel.ac_in_buffer_size = in_size
        if out_size is not None:
            channel.ac_out_buffer_size = out_size
        if terminator is not None:
            terminators.append((channel, native(terminator)))
        self.channels[name] = channel
        self.sockets[name] = sock

    def set_up_producer(self, entry, kind):
        """Makes a producer."""
        name = self.new_name(entry)
        field_count(entry, 4)
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
        name = self.new_name(entry)
        field_count(entry, 3)
        items = entry.get("items")
        given = None if items is None else [native(item) for item in items]
        self.fifos[name] = self.fifo() if given is None else self.fifo(given)
        self.given[name] = given

    def set_up_sends(self, entry):
        """Says what a socket does with each `send`."""
        field_count(entry, 3)
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
        self.socket_of(entry).script_sends(outcomes)

    def set_up_reaction(self, entry, reactions):
        """Says how one call of a hook reacts."""
        field_count(entry, 6)
        on = entry["on"]
        name = entry["hook"]
        if name not in HOOKS:
            raise Unsupported("unknown hook: %s" % name)
        if name == "refill_buffer":
            self.need("refill_buffer", "reaction")
        if on not in self.channels and on not in self.producers:
            raise BadScenario("there is no channel or producer called %s" % on)
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
        field_count(action, fields + 1)
        return builder(action)

    def channel_of(self, action):
        """Finds the channel that an action is about."""
        try:
            return self.channels[action["chan"]]
        except KeyError:
            raise BadScenario("no channel for %s" % json.dumps(action, sort_keys=True))

    def socket_of(self, action):
        """Finds the socket of the channel that an action is about."""
        try:
            return self.sockets[action["chan"]]
        except KeyError:
            raise BadScenario("no channel for %s" % json.dumps(action, sort_keys=True))

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
        """Makes the table of all actions: how many fields each has, and what makes it ready."""
        def channel_method(name, convert=None):
            return lambda action: (getattr(self.channel_of(action), name), (), convert)

        def channel_method_with(name, field):
            return lambda action: (getattr(self.channel_of(action), name), (native(action[field]),), None)

        def fifo_method(name, convert):
            return lambda action: (getattr(self.fifo_of(action), name), (), convert)

        return {
            "recv": (2, self.build_recv),
            "handle_read": (1, lambda action: (self.deliver_read, (self.channel_of(action),), None)),
            "handle_write": (1, lambda action: (self.deliver_write, (self.channel_of(action),), None)),
            "push": (2, channel_method_with("push", "data")),
            "push_with_producer": (2, self.build_push_with_producer),
            "close_when_done": (1, channel_method("close_when_done")),
            "initiate_send": (1, channel_method("initiate_send")),
            "refill_buffer": (1, self.needing("refill_buffer", channel_method("refill_buffer"))),
            "set_terminator": (2, channel_method_with("set_terminator", "terminator")),
            "get_terminator": (1, channel_method("get_terminator", report)),
            "readable": (1, channel_method("readable", report_truth)),
            "writable": (1, channel_method("writable", report_truth)),
            "discard_buffers": (1, channel_method("discard_buffers")),
            "close": (1, channel_method("close")),
            "connect": (1, lambda action: (self.connect, (self.channel_of(action),), None)),
            "buffer_sizes": (1, lambda action: (buffer_sizes, (self.channel_of(action),), report)),
            "get_data": (1, self.needing("gather", channel_method("_get_data", report))),
            "more": (1, lambda action: (self.producer_called(action["producer"]).more, (), report)),
            "fifo_push": (2, lambda action: (self.fifo_of(action).push, (native(action["item"]),), None)),
            "fifo_pop": (1, fifo_method("pop", report_pair)),
            "fifo_first": (1, fifo_method("first", report)),
            "fifo_is_empty": (1, fifo_method("is_empty", report_truth)),
            "fifo_len": (1, lambda action: (len, (self.fifo_of(action),), report)),
            "fifo_given": (1, self.build_fifo_given),
            "find_prefix_at_end": (2, self.needing("prefix", self.build_find_prefix)),
        }

    def needing(self, feature, builder):
        """Makes a builder of an action that needs a feature of the subject."""
        def checked(action):
            self.need(feature, action["do"])
            return builder(action)

        return checked

    def build_recv(self, action):
        """Makes a `recv` ready."""
        channel = self.channel_of(action)
        given = action["input"]
        kind = given["is"]
        if kind == "data":
            item = binascii.unhexlify(given["hex"])
        elif kind == "eof":
            item = EOF
        elif kind == "fail":
            item = errno_named(given["errno"])
        else:
            raise Unsupported("unknown input: %s" % kind)
        return self.receive, (channel, self.socket_of(action), item), None

    def receive(self, channel, sock, item):
        """Gives a channel's socket something to receive and tells the channel."""
        sock.script_input(item)
        self.deliver_read(channel)

    def build_push_with_producer(self, action):
        """Makes a `push_with_producer` ready."""
        item = action["producer"]
        if item["is"] == "producer":
            producer = self.producer_called(item["name"])
        elif item["is"] == "value":
            producer = native(item["value"])
        else:
            raise Unsupported("unknown item: %s" % item["is"])
        return self.channel_of(action).push_with_producer, (producer,), None

    def build_fifo_given(self, action):
        """Makes a look at the list that a fifo was given ready."""
        self.fifo_of(action)
        given = self.given[action["fifo"]]
        return (lambda: given), (), report

    def build_find_prefix(self, action):
        """Makes a `find_prefix_at_end` ready."""
        return self.find_prefix_at_end, (native(action["haystack"]), native(action["needle"])), report


CHAT_FIELDS = frozenset(
    ("is", "name", "terminator", "ac_in_buffer_size", "ac_out_buffer_size", "unconnected", "bare", "gather", "use_encoding")
)


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
    return asyncore, asynchat if asyncore_of(asynchat.async_chat) is asyncore else None


# The protocol


class Capture(object):
    """Takes standard output's place and keeps the beginning of what is printed."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self):
        self.pieces = []
        self.room = PRINTED_LIMIT

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
        self.room = PRINTED_LIMIT
        return printed


def last_line():
    """Gives the last line of the traceback of the exception at hand, and where it was raised."""
    kind, error, trace = sys.exc_info()
    text = traceback.format_exception_only(kind, error)[-1].strip()
    frames = traceback.extract_tb(trace)
    if frames and not isinstance(error, BadScenario):
        text += " (%s:%d)" % (os.path.basename(frames[-1][0]), frames[-1][1])
    return clean_text(text)


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
    try:
        Server(adapter_class(asyncore, asynchat), capture).serve(source, sink)
    except (IOError, OSError) as error:
        if errno_of(error) != errno.EPIPE:
            raise
    sys.exit(EXIT_OK)


if __name__ == "__main__":
    main()
