"""Change the code in small ways and write down which changes no test notices: `make mutants`.

mutmut makes the changes and runs, for each, the tests that reach the changed function; which code
and which tests stands in pyproject.toml. All mutants would take hours: of every module the same
few are drawn by a fixed seed. What an error says and how a figure looks is left alone, and so is
what computes nothing: `zip(strict=)`, which guards against tables of unequal length that nobody
can give, and `cast`, which speaks to the type checker.

Why a survivor may live stands in mutants.toml, by a part of the changed line.
"""

import argparse
import ast
import copy
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
SCRATCH = ROOT / "mutants"
# By the status that mutmut stores: the tests failed, or went on for too long.
TRIES = 5
KILLED = {1, 3, 24, -24, 36, 152, 255}
# Names that hold what an error will say, and checks that are told where an error would stand.
SAID = {"problem", "remedy"}
CHECKS = {"aligned", "binary", "finite", "need_known", "refuse_unknown"}


@dataclass(frozen=True)
class Mutant:
    """One changed function."""

    name: str
    module: str
    removed: str
    added: str
    wording: bool  # whether nothing but what a `raise` says differs

    @property
    def change(self) -> str:
        """The changed line, before and after."""
        return f"{self.removed} -> {self.added}"


class _Silent(ast.NodeTransformer):
    """Errors without what they say, and nothing that neither computes nor decides."""

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        return ast.Raise(exc=None, cause=None)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        names = {each.id for each in ast.walk(node.targets[0]) if isinstance(each, ast.Name)}
        return ast.Assign(node.targets, ast.Constant("")) if names <= SAID else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "unless":
            return ast.Call(node.func, node.args[:1], [])  # what is asked, not what is said
        if name == "cast":
            return node.args[-1]
        if name in CHECKS:  # "scores": where an error stands, should there be one
            spoken = (ast.Constant, ast.JoinedStr)
            node.args = [each for each in node.args if not isinstance(each, spoken)]
        unasked = {"needed_for"} | ({"strict"} if name == "zip" else set())
        node.keywords = [each for each in node.keywords if each.arg not in unasked]
        return node


def _compared(name: str, module: str, before: ast.AST, after: ast.AST) -> Mutant:
    old, new = (ast.unparse(each).splitlines()[1:] for each in (before, after))
    heads = [ast.unparse(each.args) for each in (before, after)]  # type: ignore[attr-defined]
    lines = list(difflib.ndiff([heads[0], *old], [heads[1], *new]))
    removed = " ".join(line[2:].strip() for line in lines if line.startswith("- "))
    added = " ".join(line[2:].strip() for line in lines if line.startswith("+ "))
    silent = [
        [ast.dump(_Silent().visit(copy.deepcopy(part))) for part in (each.args, *each.body)]  # type: ignore[attr-defined]
        for each in (before, after)
    ]
    return Mutant(name, module, removed, added, wording=silent[0] == silent[1])


def drawn(stored: Path, size: int) -> list[Mutant]:
    """The same few of a module's mutants each time, from the file that mutmut wrote."""
    file = stored.with_suffix("")
    module = ".".join(file.relative_to(SCRATCH).with_suffix("").parts)
    functions = {
        node.name: node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    names = sorted(json.loads(stored.read_text())["exit_code_by_key"])
    random.Random(module).shuffle(names)
    few: list[Mutant] = []
    for name in names:
        function = name.rpartition(".")[2]
        if len(few) == size:
            break
        if "plot" not in function:
            original = functions[function.rpartition("_")[0] + "_orig"]
            mutant = _compared(name, module, original, functions[function])
            few += [] if mutant.wording else [mutant]
    return few


def mutmut(names: Iterable[str]) -> int:
    """Run mutmut on these mutants; on none, only make them and learn which test reaches what."""
    program = Path(sys.executable).with_name("mutmut")
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    with (ROOT / "mutants.log").open("w") as log:
        ran = subprocess.run(
            [program, "run", "--max-children", "1", *(names or ["no mutant has this name"])],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return ran.returncode


def stored_statuses() -> dict[str, int | None]:
    """What mutmut wrote down about every mutant."""
    return {
        name: status
        for stored in SCRATCH.rglob("*.meta")
        for name, status in json.loads(stored.read_text())["exit_code_by_key"].items()
    }


def page(sample: dict[str, list[Mutant]], size: int) -> str:
    """The table of killed and survived by module, and every survivor with why it may live."""
    statuses = stored_statuses()
    reasons: dict[str, str] = tomllib.loads((HERE / "mutants.toml").read_text()).get("why", {})
    rows, survivors = [], []
    killed = tried = alike = 0
    for module, mutants in sorted(sample.items()):
        dead = [each for each in mutants if statuses[each.name] in KILLED]
        killed, tried = killed + len(dead), tried + len(mutants)
        made = sum(name.startswith(f"{module}.x") for name in statuses)
        rows.append(f"| `{module}` | {made} | {len(mutants)} | {len(dead)} |")
        for each in mutants:
            if each not in dead:
                why = next((why for part, why in reasons.items() if part in each.removed), "")
                alike += bool(why)
                survivors.append(f"| `{module}` | `{each.change.replace('|', '&#124;')}` | {why} |")
    return "\n".join(
        [
            "# Mutants",
            "",
            "<!-- Written by `make mutants`; the reasons stand in mutants.toml. -->",
            "",
            f"Of each module at most {size} mutants, drawn by a fixed seed.",
            f"{killed} of {tried} were noticed by a test: {100 * killed / max(tried, 1):.0f} %;",
            f"{100 * killed / max(tried - alike, 1):.0f} % without {alike} that none can notice.",
            "",
            "| module | mutants | tried | killed |",
            "|---|--:|--:|--:|",
            *rows,
            "",
            "## Survivors",
            "",
            "| module | change | why it may live |",
            "|---|---|---|",
            *survivors,
            "",
        ]
    )


def main() -> None:
    """Make, draw, run and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=4, help="mutants of a module")
    parser.add_argument("--module", default="credit_ml", help="only modules that start like this")
    parser.add_argument("--again", action="store_true", help="only those that survived before")
    options = parser.parse_args()
    before = stored_statuses()
    if not options.again:  # mutmut keeps what it once copied
        shutil.rmtree(SCRATCH, ignore_errors=True)
    mutmut([])
    sample = {}
    for stored in SCRATCH.rglob("*.meta"):
        mutants = drawn(stored, options.size)
        if mutants and mutants[0].module.startswith(options.module):
            sample[mutants[0].module] = mutants
    names = [each.name for mutants in sample.values() for each in mutants]
    if options.again:
        names = [name for name in names if before.get(name) not in KILLED]
    for _ in range(TRIES):  # a mutant may take mutmut itself with it
        statuses = stored_statuses()
        names = [name for name in names if options.again or statuses.get(name) is None]
        if not names or not mutmut(names):
            break
        options.again = False
    if any(stored_statuses()[name] is None for name in names):
        sys.exit((ROOT / "mutants.log").read_text()[-2000:])
    (HERE / "mutants.md").write_text(page(sample, options.size))


if __name__ == "__main__":
    main()
