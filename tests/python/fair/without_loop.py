"""Is an adapter that does not declare the loop."""

from asyncore_adapter import Adapter, main


class WithoutLoop(Adapter):
    def features(self):
        return [name for name in Adapter.features(self) if name != "loop"]


if __name__ == "__main__":
    main(WithoutLoop)
