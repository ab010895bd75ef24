"""The shape of the package: short functions, few parameters, small folders, no circles.

Whoever makes one of these fail splits a function, groups parameters into an options object, or
moves a module; the numbers are those that CONTRIBUTING names.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "credit_ml"
LONGEST = 60
FEW, MOST, HOW_MANY = 8, 12, 5
FOLDER = 16
SWITCHED_OFF = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def trees() -> dict[str, ast.Module]:
    """Every module by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def lines(module: str) -> list[str]:
    """Text of a module, line by line."""
    place = PACKAGE.parent.joinpath(*module.split("."))
    path = place.with_suffix(".py")
    path = path if path.exists() else place / "__init__.py"
    return path.read_text(encoding="utf-8").splitlines()


def functions() -> Iterator[tuple[str, Function]]:
    """Every function with its module."""
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield module, node


def length(module: str, node: Function) -> int:
    """Lines of a function without its docstring, comments and blank lines."""
    first = node.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    skipped = range(first.lineno, (first.end_lineno or 0) + 1) if docstring else range(0)
    return sum(
        line not in skipped and text.strip() != "" and not text.strip().startswith("#")
        for line, text in enumerate(lines(module), start=1)
        if node.lineno <= line <= (node.end_lineno or node.lineno)
    )


def parameters(node: Function) -> int:
    taken = node.args
    names = [each.arg for each in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    return len(names) + bool(taken.vararg) + bool(taken.kwarg)


def test_no_function_is_long():
    long = {
        f"{module}.{node.name}": length(module, node)
        for module, node in functions()
        if length(module, node) > LONGEST
    }
    assert not long


def test_hardly_any_function_takes_many_parameters():
    many = {
        f"{module}.{node.name}": parameters(node)
        for module, node in functions()
        if not node.name.startswith("_") and parameters(node) > FEW
    }
    assert len(many) <= HOW_MANY, many
    assert max(many.values(), default=0) <= MOST, many


def test_no_class_name_is_used_twice():
    names = Counter(
        node.name
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [name for name, count in names.items() if count > 1]


def test_no_folder_is_crowded():
    folders = Counter(path.parent for path in PACKAGE.rglob("*.py"))
    assert not {str(folder): n for folder, n in folders.items() if n > FOLDER}


def test_the_formatter_is_switched_off_hardly_anywhere():
    off = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "fmt: skip" in line or "fmt: off" in line
    ]
    assert len(off) <= SWITCHED_OFF, off


def imported(module: str, tree: ast.Module) -> set[str]:
    """Modules of the package that a module imports, anywhere but for its annotations alone."""
    annotations = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in annotations:
            continue
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{each.name}" for each in node.names}
            found |= {name if name in trees() else node.module for name in whole}
    return {name for name in found if name in trees() and name != module}


def test_no_module_imports_itself_on_the_way_round():
    graph = {module: imported(module, tree) for module, tree in trees().items()}
    while free := {module for module, others in graph.items() if not others & graph.keys()}:
        for module in free:
            del graph[module]
    assert not graph, "these import each other, or what does"
