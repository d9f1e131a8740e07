"""An adapter that misbehaves, in the way that the environment's MISBEHAVE says.

What it does in the middle of a run it does for every scenario in which EPIPE occurs.
"""

import json
import os
import time

from asyncore_adapter import Adapter, Unsupported, main

HOW = os.environ["MISBEHAVE"]


class Misbehaving(Adapter):
    def features(self):
        return [name for name in Adapter.features(self) if not name.startswith("sockets.")]

    def run(self, scenario):
        if HOW == "unsupported":
            raise Unsupported("not today")
        if HOW == "print":
            print("so much to say")
        elif "EPIPE" in json.dumps(scenario):
            if HOW == "hang":
                time.sleep(3600)
            elif HOW == "crash":
                os.abort()
            elif HOW == "raise":
                raise ValueError("this adapter is broken")
        return Adapter.run(self, scenario)


if __name__ == "__main__":
    main(Misbehaving)
