import threading


def show_repr(channel):
    """Writes the `repr` of a channel, with CLASS for its class and ID for its identity."""
    cls = channel.__class__
    text = repr(channel)
    for name in (getattr(cls, "__qualname__", cls.__name__), cls.__name__):
        text = text.replace("%s.%s" % (cls.__module__, name), "CLASS")
    return show_bytes(re.sub("at 0x[0-9a-fA-F]+", "at ID", text))


def show_strerror(number):
    """Writes `true` if `_strerror` gives the system's own text, else what it gives."""
    text = asyncore._strerror(number)
    try:
        return show(True) if text == os.strerror(number) else show_bytes(text)
    except (ValueError, OverflowError):
        return show_bytes(text)


def innermost():
    raise RuntimeError("scripted")


def show_traceback():
    """Writes what `compact_traceback` says of an exception: function, class, text and number of places."""
    try:
        innermost()
    except RuntimeError:
        (_, function, _), kind, error, info = asyncore.compact_traceback()
    places = len(re.findall(r"\|\d+\](?= |$)", info))
    return "[%s %s %s %d]" % (show_bytes(function), show_bytes(kind.__name__), show_bytes(str(error)), places)


def fails_outside():
    """Says whether `compact_traceback` fails while no exception is handled, as in a thread of its own."""
    failed = []

    def run():
        try:
            asyncore.compact_traceback()
        except Exception:
            failed.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return bool(failed)
