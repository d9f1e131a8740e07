import time

# Waits that take no time and tell what the scenario says. Beyond the last report a wait leaves the loop.

flags_by_letter = (
    ("r", "POLLIN"), ("w", "POLLOUT"), ("x", "POLLPRI"), ("e", "POLLERR"), ("h", "POLLHUP"), ("n", "POLLNVAL"),
)
waiting = []


def waits(reports, function, **given):
    """Calls a function whose waits tell these reports: letters by the names of channels."""
    channel_map = given.get("map")
    waiting.append((reports, asyncore.socket_map if channel_map is None else channel_map))
    try:
        function(**given)
    finally:
        waiting.pop()


def label_of(number):
    """Names the channel that a wait means."""
    channel = waiting[-1][1].get(number)
    if channel is not None:
        return channel.label
    return ([label for label in made_labels if number in numbers.get(label, ())] or ["unknown"])[-1]


def wait(call, microseconds, asked, unasked):
    """Notes a wait and gives what it told: numbers with letters, in the order of what was asked."""
    names = [(number, label_of(number), letters) for number, letters in asked.items()]
    wanted = " ".join("%s:%s" % (label, letters) for number, label, letters in names if letters)
    text = "waits %s %s" % (call, show_time(microseconds))
    reports = waiting[-1][0]
    report = reports.pop(0) if reports else None
    if call == "sleep" and report is not None:
        say(text)
        return []
    if report is None or isinstance(report, Fails):
        error = asyncore.ExitNow() if report is None else system_error(report.name, select.error)
        say("%s [%s] -> %s" % (text, wanted, describe(error)))
        raise error
    told = []
    for number, label, letters in names:
        ready = "".join(letter for letter in report.get(label, "") if letter in letters + unasked)
        if ready:
            told.append((number, label, ready))
    ready = " ".join("%s:%s" % (label, letters) for number, label, letters in told)
    say("%s [%s] -> %s" % (text, wanted, ready or "none"))
    return [(number, letters) for number, label, letters in told]


def show_time(microseconds):
    """Writes how long a wait lasts at most."""
    if microseconds is None:
        return "none"
    value = int(round(microseconds))
    for scale, unit in ((1000000, "s"), (1000, "ms")):
        if value % scale == 0:
            return "%d%s" % (value // scale, unit)
    return "%dus" % value


def refused(function, *arguments):
    """Lets the system refuse what it refuses."""
    try:
        function(*arguments)
    except SystemErrors as error:
        raise scripted(error)


def fake_select(readers, writers, others, timeout=None):
    if timeout is not None and timeout < 0:
        refused(select.select, [], [], [], timeout)
    asked = collections.OrderedDict()
    for letter, wanted in zip("rwx", (readers, writers, others)):
        for number in wanted:
            letters = asked.get(number, "")
            asked[number] = letters if letter in letters else letters + letter
    told = dict(wait("select", None if timeout is None else timeout * 1000000, asked, ""))
    return tuple(
        [number for number in wanted if letter in told.get(number, "")]
        for letter, wanted in zip("rwx", (readers, writers, others))
    )


class FakePoll(object):
    """Is what `select.poll` gives."""

    def __init__(self):
        self.masks = collections.OrderedDict()

    def register(self, number, mask=select.POLLIN | select.POLLPRI | select.POLLOUT):
        self.masks[number] = mask

    def modify(self, number, mask):
        if number not in self.masks:
            raise system_error("ENOENT", IOError)
        self.masks[number] = mask

    def unregister(self, number):
        del self.masks[number]

    def poll(self, timeout=None):
        asked = collections.OrderedDict()
        for number, mask in self.masks.items():
            letters = [letter for letter, flag in flags_by_letter[:3] if mask & getattr(select, flag)]
            asked[number] = "".join(letters)
        never = timeout is None or timeout < 0
        told = wait("poll", None if never else timeout * 1000, asked, "ehn")
        return [(number, flags_for(letters)) for number, letters in told]


def flags_for(letters):
    """Makes the flags that `poll` gives for letters."""
    return sum(getattr(select, flag) for letter, flag in flags_by_letter if letter in letters)


def fake_sleep(seconds):
    if seconds is None or seconds < 0:
        refused(time.sleep, seconds)
    wait("sleep", seconds * 1000000, {}, "")


stand_in("select", select=fake_select, poll=FakePoll)
stand_in("time", sleep=fake_sleep)
