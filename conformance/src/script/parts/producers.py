class ListProducer(object):
    """Gives some results one after the other, and then nothing."""

    def __init__(self, label, results):
        self.label = label
        self.results = results

    def more(self):
        return self.results.pop(0) if self.results else b""


class Producer(ListProducer):
    """Notes each call of `more`."""

    more = hook("more", ListProducer.more, default=b"")


class FalsyProducer(Producer):
    """Is false."""

    def __len__(self):
        return 0


class SimpleProducer(asynchat.simple_producer):
    """Notes each call of `more`."""

    label = "unnamed"
    more = hook("more", asynchat.simple_producer.more, default=b"")
