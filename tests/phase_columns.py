"""What each phase reads and writes, found in its source: kernels are followed from the world down to its columns."""

import ast
from pathlib import Path

import supplysim

PACKAGE = Path(supplysim.__file__).parent
SIZES = {"size", "shape"}  # of a table or column, not what stands in it
EVERYWHERE = {"seed", "parameters", "settings", "counts", "scratch"}
MARKS = {"kernel", "rule", "column_rule"}


def kernels():
    """Return the syntax tree of every compiled function, by its name."""
    found = {}
    for folder in ("agents", "detection", "network", "phases", "world"):
        for file in sorted((PACKAGE / folder).glob("*.py")):
            for node in ast.parse(file.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef) and {ast.unparse(mark) for mark in node.decorator_list} & MARKS:
                    assert node.name not in found, f"two kernels are called {node.name}"
                    found[node.name] = node
    return found


KERNELS = kernels()


class Trace(ast.NodeVisitor):
    """Follow one kernel: `held` says which names stand for the world or a part of it, as paths of attributes."""

    def __init__(self, held, seen, reads, writes):
        self.held, self.seen, self.reads, self.writes = dict(held), seen, reads, writes

    def path(self, node):
        """Return where in the world an expression points to, None if nowhere."""
        if isinstance(node, ast.Name):
            return self.held.get(node.id)
        if isinstance(node, ast.Subscript):
            return self.path(node.value)
        if isinstance(node, ast.Attribute) and node.attr not in SIZES:
            above = self.path(node.value)
            return None if above is None else (*above, node.attr)
        return None

    def load(self, node):
        """Note that an expression's value is used."""
        while isinstance(node, (ast.Subscript, ast.Attribute)):
            if isinstance(node, ast.Subscript):
                self.visit(node.slice)
            node = node.value
        if not isinstance(node, ast.Name):
            self.visit(node)

    def visit_Name(self, node):
        if self.held.get(node.id):
            self.reads.add(self.held[node.id])

    def visit_Attribute(self, node):
        path = self.path(node)
        if path is not None:
            self.reads.add(path)
        self.load(node)

    visit_Subscript = visit_Attribute

    def bind(self, target, value):
        """Note an assignment: of a part of the world to a name, or of a value to a place in the world."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its in zip(target.elts, value.elts, strict=True):
                self.bind(one, its)
        elif isinstance(target, ast.Tuple):
            self.visit(value)
        elif isinstance(target, ast.Name):
            path = self.path(value)
            self.held[target.id] = path
            self.load(value) if path is not None else self.visit(value)
        else:
            self.visit(value)
            self.load(target)
            if self.path(target) is not None:
                self.writes.add(self.path(target))

    def visit_Assign(self, node):
        for target in node.targets:
            self.bind(target, node.value)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        if not isinstance(node.target, ast.Name):
            self.load(node.target)  # adding up is no reading
            if self.path(node.target) is not None:
                self.writes.add(self.path(node.target))

    def visit_For(self, node):
        path = self.path(node.iter)
        if path is not None and isinstance(node.target, ast.Name):
            self.held[node.target.id] = path
        self.visit(node.iter)
        for line in node.body:
            self.visit(line)

    def visit_Call(self, node):
        name = ast.unparse(node.func)
        if name not in KERNELS:
            for argument in node.args:
                self.visit(argument)
            return
        inner = {}
        for parameter, argument in zip(KERNELS[name].args.args, node.args, strict=True):
            inner[parameter.arg] = self.path(argument)
            self.load(argument) if inner[parameter.arg] is not None else self.visit(argument)
        follow(name, inner, self.seen, self.reads, self.writes)


def follow(name, held, seen, reads, writes):
    """Add what a kernel reads and writes, given which of its arguments are the world or parts of it."""
    call = (name, tuple(sorted((argument, path) for argument, path in held.items() if path is not None)))
    if call not in seen:
        seen.add(call)
        trace = Trace(held, seen, reads, writes)
        for line in KERNELS[name].body[1:]:
            trace.visit(line)


def columns(name):
    """Return what a phase's kernel reads and writes, as two sets of paths such as ("office", "desks", "evidence")."""
    reads, writes = set(), set()
    follow(name, {"w": ()}, set(), reads, writes)
    return reads, writes


def tables(paths):
    """Return the tables of the world that paths lead to, those that every phase uses left out."""
    return {path[1] if path[0] == "office" else path[0] for path in paths if path != ("office",)} - EVERYWHERE


def scratch(paths):
    """Return the columns of the working space that paths lead to."""
    return {path for path in paths if path[0] == "scratch" and len(path) > 1}
