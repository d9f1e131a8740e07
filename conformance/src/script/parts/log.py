class Capture(object):
    """Keeps what is printed."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def printing(function, *arguments):
    """Calls a function and notes what it prints."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = captures = Capture(), Capture()
    try:
        function(*arguments)
    finally:
        sys.stdout, sys.stderr = streams
        for to, capture in zip(("out", "err"), captures):
            if capture.text:
                say("prints %s %s" % (to, show_bytes(capture.text)))
