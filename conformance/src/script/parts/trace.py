import warnings

warnings.simplefilter("ignore")

import collections
import errno
import os
import re
import select
import signal
import socket
import sys
import types

try:
    import asyncore
    import asynchat
except ImportError:
    sys.stderr.write("Python %d.%d has no asyncore and asynchat: " % sys.version_info[:2])
    sys.stderr.write("pip install pyasyncore pyasynchat\n")
    sys.exit(2)


# What is seen, in the notation of the trace: one line an event, indented by the calls that it happened inside of.

seen = []
depth = [0]
MOST_LINES = 20000


def say(text):
    """Notes an event."""
    if len(seen) > MOST_LINES:
        raise SystemExit("more than %d events" % MOST_LINES)
    seen.append("  " * depth[0] + text)


def result(text):
    """Notes what a call gave back."""
    say("-> " + text)


def step(text):
    """Makes a function that runs at once, as a step of the scenario; what it raises is an event."""
    def run(function):
        seen.append("> " + text)
        depth[0] = 0
        try:
            function()
        except BaseException as error:
            depth[0] = 0
            say("raised " + describe(error))

    return run


# How calls of hooks react: functions by channel, hook and number of the call. One that gives True ends the call.

reactions = {}
calls = {}
started = []


def on(label, name, number):
    """Makes a function the reaction to one call of a hook."""
    def note(function):
        reactions[label, name, number] = function

    return note


def react(label, name):
    """Does what the scenario says for this call; tells whether the call shall return at once."""
    if not started:
        return False
    calls[label, name] = number = calls.get((label, name), 0) + 1
    reaction = reactions.get((label, name, number))
    return reaction is not None and bool(reaction())


def give_up(*ignored):
    """Ends the program where a loop does not."""
    sys.stderr.write("It does not end.\n")
    os._exit(1)


if hasattr(signal, "SIGALRM"):
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(20)


def start():
    """Forgets what was seen while things were made."""
    del seen[:]
    started.append(True)


def hook(name, method, show_argument=None, flags=False, default=None):
    """Makes a method that notes its calls, reacts as the scenario says, and then does what the class does."""
    def call(self, *arguments, **keywords):
        text = "%s.%s" % (self.label, name)
        if show_argument is not None:
            text += show_argument(*arguments, **keywords)
        if flags:
            text += flags_of(self)
        say(text)
        before = depth[0]
        depth[0] += 1
        try:
            if react(self.label, name):
                return default
            if method is not None:
                return method(self, *arguments, **keywords)
        finally:
            depth[0] = before

    return call


def flags_of(channel):
    """Writes a channel's flags, unless it is connected and nothing else."""
    words = [word for word in ("connected", "accepting", "connecting") if getattr(channel, word, False)]
    return "" if words == ["connected"] else " [%s]" % " ".join(words)


# Values as they are written in a trace

Text = type(u"")
Integers = (int, type(1 << 64))
Buffer = getattr(types, "BufferType", memoryview)
escapes = {"\t": "\\t", "\r": "\\r", "\n": "\\n", "\"": "\\\"", "\\": "\\\\"}


def show_bytes(data):
    """Writes bytes."""
    if isinstance(data, memoryview):
        data = data.tobytes()
    elif isinstance(data, Text):
        data = data.encode("utf-8")
    plain = [chr(byte) if 32 <= byte < 127 else "\\x%02x" % byte for byte in bytearray(data)]
    characters = zip(bytearray(data), plain)
    return "\"%s\"" % "".join(escapes.get(chr(byte), character) for byte, character in characters)


def show(thing):
    """Writes a value."""
    if thing is None:
        return "none"
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, Integers):
        return "%d" % thing
    if isinstance(thing, float):
        return "%.1f" % thing
    if isinstance(thing, (list, tuple)):
        return "[%s]" % " ".join(show(item) for item in thing)
    for kind, word in ((bytes, ""), (bytearray, "bytearray "), (memoryview, "memoryview "), (Buffer, ""), (Text, "text ")):
        if isinstance(thing, kind):
            return word + show_bytes(thing)
    return "text " + show_bytes("<%s>" % thing.__class__.__name__)


def show_data(data):
    """Writes what a stream carries: whatever is made of bytes is written as bytes."""
    return show_bytes(data) if isinstance(data, (bytes, bytearray, memoryview, Buffer)) else show(data)


def show_pair(pair):
    """Writes what `pop` of a fifo gave."""
    return "[%d %s]" % (bool(pair[0]), show(pair[1]))


def data_argument(data, *others, **keywords):
    """Writes the data, or the size, that a hook is given."""
    return (" list " if isinstance(data, (list, tuple)) else " ") + show_data(data)


def log_argument(message, type="info"):
    """Writes the type of a message; of a warning the message, too."""
    return " " + show_bytes("warning: %s" % message if type == "warning" else type)


def error_argument():
    """Writes the exception that is being handled."""
    error = sys.exc_info()[1]
    return "" if error is None else " " + describe(error)


# Exceptions, by their kind

SystemErrors = (OSError, IOError, socket.error, select.error)
error_names = (
    "EAGAIN EALREADY EINPROGRESS EINTR ECONNRESET ENOTCONN ESHUTDOWN ECONNABORTED EPIPE EBADF EIO ENOBUFS ETIMEDOUT "
    "EHOSTUNREACH ECONNREFUSED EINVAL EISCONN EADDRINUSE EACCES EMFILE ENOENT "
    "ENETDOWN ENETUNREACH ENETRESET EHOSTDOWN EPROTO ENFILE ENOMEM EPERM"
).split()
names_by_number = dict((getattr(errno, name), name) for name in error_names)


class ScenarioError(BaseException):
    """Is what the scenario itself raises, as one of several classes."""


ScenarioErrors = [
    type("ScenarioError", (ScenarioError, cls), {})
    for cls in (KeyError, StopIteration, ValueError, EOFError, GeneratorExit, AttributeError, TypeError, IndexError)
]


def scenario_error(on, hook, number):
    """Makes the exception that a hook raises at one of its calls."""
    handles_data = hook in ("more", "recv", "send", "collect_incoming_data", "found_terminator")
    first = 1 + ord(on[-1]) % len(ScenarioErrors) if handles_data else 0
    return ScenarioErrors[(first + number - 1) % len(ScenarioErrors)]()


def system_error(name, error_class=socket.error):
    """Makes an error of the operating system."""
    number = getattr(errno, name)
    return scripted(error_class(number, os.strerror(number)))


def scripted(error):
    """Marks an exception that asyncore did not make itself: what it says is no business of asyncore's."""
    error.is_scripted = True
    return error


def describe(error):
    """Writes an exception."""
    if isinstance(error, ScenarioError):
        return "other"
    if isinstance(error, asyncore.ExitNow):
        return "exit"
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        return "interrupt"
    if isinstance(error, SystemErrors):
        number = getattr(error, "errno", None) or (error.args[0] if error.args else None)
        name = names_by_number.get(number) if isinstance(number, Integers) else None
        if name is not None:
            return "os " + name + ("" if getattr(error, "is_scripted", False) else " " + what_it_says(error, number))
    return "other " + error.__class__.__name__


def what_it_says(error, number):
    """Tells the symbol of an error from the system's text for it."""
    text = error.args[1] if len(error.args) > 1 else None
    if text == errno.errorcode.get(number):
        return "symbol"
    return "system" if text == os.strerror(number) else "else"


# What is expected beside what was seen


def is_judged(line):
    """Says whether an event counts: whether a socket is asked for its pending error does not."""
    return re.match(r" *\w+\.socket\.getsockopt( |$)", line) is None


def by_step(lines):
    """Divides lines into steps."""
    steps = []
    for line in lines:
        if line.startswith("> "):
            steps.append([])
        steps[-1].append(line)
    return steps


def compare(expected, whole=True):
    """Prints what is expected beside what was seen; gives 0 if they are equal and 1 if not."""
    expected = [line for line in expected.strip("\n").split("\n") if is_judged(line)]
    found = [line for line in seen if is_judged(line)]
    if not whole:
        # The specification does not speak of what follows.
        found = found[:len(expected)]
    width = max(len(line) for line in expected) + 3
    sys.stdout.write("  %-*s%s\n" % (width, "expected", "seen"))
    left, right = by_step(expected), by_step(found)
    for number in range(max(len(left), len(right))):
        sides = [steps[number] if number < len(steps) else [] for steps in (left, right)]
        for row in range(max(len(side) for side in sides)):
            wanted, got = [side[row] if row < len(side) else None for side in sides]
            mark = " " if wanted == got else "!"
            text = "%s %-*s%s" % (mark, width, wanted or "", got or "")
            sys.stdout.write(text.rstrip() + "\n")
    sys.stdout.write("\nThe two are %s.\n" % ("equal" if expected == found else "not equal"))
    return 0 if expected == found else 1
