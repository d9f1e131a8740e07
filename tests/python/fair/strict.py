"""Refuses a truth value as a terminator."""

from source import make

make("asynchat", globals())
usual = async_chat.set_terminator


def set_terminator(self, term):
    if isinstance(term, bool):
        raise TypeError("a truth value is no terminator")
    usual(self, term)


async_chat.set_terminator = set_terminator
