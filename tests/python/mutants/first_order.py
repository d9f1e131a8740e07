"""Makes every small change to a module of the standard library that one can make in one place.

A change is named by the function it is in, what it does, and the text that it does it to, so that the name stays when
lines move. `python first_order.py asyncore` prints the names of all changes to the interpreter's own asyncore as
JSON; the place in this list is what a change is made by. Some cannot be compiled, or change nothing.
"""

import ast
import collections
import copy
import importlib
import itertools
import json
import sys
import warnings

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}
BLOCKS = ("body", "orelse", "finalbody")


def source_of(name):
    """Give the path and the tree of an installed module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = importlib.import_module(name).__file__
    with open(path, encoding="utf-8") as stream:
        return path, ast.parse(stream.read())


def is_text(node):
    """Say whether a statement is a documentation string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def calls_nothing(statement):
    """Say whether a statement only assigns, so that it may as well come before or after another one like it."""
    return isinstance(statement, ast.Assign) and not any(isinstance(node, ast.Call) for node in ast.walk(statement))


def changes_of_values(node):
    """Give the changes to an expression: a word, and what makes the change in a copy of the node."""

    def put(**fields):
        def change(twin):
            for name, value in fields.items():
                setattr(twin, name, value() if callable(value) else value)

        return change

    if isinstance(node, ast.Compare):
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield "becomes " + other.__name__, lambda twin, other=other: twin.ops.__setitem__(0, other())
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield "is turned", put(op=OPERATORS[type(node.op)])
    if isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield "is turned", put(op=OPERATORS[type(node.op)])
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "is turned", put(value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "is one more", put(value=node.value + 1)
        yield "is one less", put(value=node.value - 1)
    if isinstance(node, ast.BoolOp):
        for place in range(len(node.values)):
            yield "loses operand %d" % place, lambda twin, place=place: twin.values.pop(place)
        yield "is turned", put(op=ast.Or if isinstance(node.op, ast.And) else ast.And)
    if isinstance(node, ast.Slice):
        for end in ("lower", "upper"):
            if getattr(node, end) is not None:
                yield "%s is moved" % end, lambda twin, end=end: setattr(
                    twin, end, ast.BinOp(getattr(twin, end), ast.Add(), ast.Constant(1))
                )
    if isinstance(node, (ast.Tuple, ast.Set)) and len(node.elts) > 1 and all(isinstance(e, ast.Name) for e in node.elts):
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Store):
            for place, element in enumerate(node.elts):
                yield "loses " + element.id, lambda twin, place=place: twin.elts.pop(place)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "loses its not", lambda twin: setattr(twin, "operand", ast.UnaryOp(ast.Not(), twin.operand))


def changes_of_statements(node):
    """Give the changes to the statements in a node."""
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield "is negated", lambda twin: setattr(twin, "test", ast.UnaryOp(ast.Not(), twin.test))
    if isinstance(node, (ast.If, ast.IfExp)):
        yield "is always taken", lambda twin: setattr(twin, "test", ast.Constant(True))
        yield "is never taken", lambda twin: setattr(twin, "test", ast.Constant(False))
    if isinstance(node, ast.Try):
        for place in range(len(node.handlers)):
            yield "loses handler %d" % place, lambda twin, place=place: drop_handler(twin, place)
    if isinstance(node, ast.Return) and node.value is not None:
        yield "gives nothing", lambda twin: setattr(twin, "value", None)
    if isinstance(node, ast.Call):
        for place in range(len(node.args)):
            if len(node.args) > 1:
                yield "loses argument %d" % place, lambda twin, place=place: twin.args.pop(place)
        for place, keyword in enumerate(node.keywords):
            yield "loses %s" % keyword.arg, lambda twin, place=place: twin.keywords.pop(place)


def changes_of_blocks(node):
    """Give the changes to the order and the number of statements: the statement, a word, the change."""
    for name in BLOCKS:
        block = getattr(node, name, None)
        if not isinstance(block, list) or isinstance(node, (ast.Module, ast.ClassDef)):
            continue
        for place, statement in enumerate(block):
            if is_text(statement) or isinstance(statement, (ast.Pass, ast.Import, ast.ImportFrom)):
                continue
            yield statement, "is removed", lambda twin, at=(name, place): put_pass(twin, at)
            if isinstance(statement, ast.Expr):
                yield statement, "is doubled", lambda twin, at=(name, place): double(twin, at)
            if place + 1 < len(block) and not (calls_nothing(statement) and calls_nothing(block[place + 1])):
                yield statement, "comes after the next", lambda twin, at=(name, place): swap(twin, at)


def put_pass(twin, at):
    getattr(twin, at[0])[at[1]] = ast.Pass()


def double(twin, at):
    block = getattr(twin, at[0])
    block.insert(at[1], copy.deepcopy(block[at[1]]))


def swap(twin, at):
    block, place = getattr(twin, at[0]), at[1]
    block[place], block[place + 1] = block[place + 1], block[place]


def drop_handler(twin, place):
    twin.handlers.pop(place)
    if not twin.handlers:
        twin.finalbody = twin.finalbody or [ast.Pass()]
        twin.orelse, twin.body = [], twin.body + twin.orelse


def functions_of(tree):
    """Give the name of the function or class that each node is in, by the node's identity."""
    names = {}

    def visit(node, name):
        names[id(node)] = name
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, (ast.FunctionDef, ast.ClassDef))
            visit(child, (name + "." if name and named else name) + child.name if named else name)

    visit(tree, "")
    return names


def all_changes(tree):
    """Give every change: what it is about, a word, the number of the node, and what makes it in a copy of that node."""
    for number, node in enumerate(ast.walk(tree)):
        for word, change in itertools.chain(changes_of_values(node), changes_of_statements(node)):
            yield node, word, number, change
        for about, word, change in changes_of_blocks(node):
            yield about, word, number, change


def make(tree, place):
    """Give the source with the change at this place of the list."""
    _, _, number, change = next(itertools.islice(all_changes(tree), place, None))
    twin = copy.deepcopy(tree)
    change(next(itertools.islice(ast.walk(twin), number, None)))
    source = ast.unparse(ast.fix_missing_locations(twin))
    if source == ast.unparse(tree):
        sys.exit("it changes nothing")
    return source


def named(tree):
    """Give the name of every change, in the order of the list."""
    functions = functions_of(tree)
    texts = {}
    seen = collections.Counter()
    for about, word, _, _ in all_changes(tree):
        text = texts.setdefault(id(about), None) or ast.unparse(about).split("\n")[0][:80]
        texts[id(about)] = text
        key = functions[id(about)], text, word
        seen[key] += 1
        yield "%s: %s %s%s" % (key + (" (%d)" % seen[key] if seen[key] > 1 else "",))


if __name__ == "__main__":
    json.dump(list(named(source_of(sys.argv[1])[1])), sys.stdout)
