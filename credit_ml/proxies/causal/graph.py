"""Which features stand before the sensitive one, which after it, and what that lets one infer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from credit_ml.core import InputError, known_names

Edge = tuple[str, str]

#: Name of the block of mediators when they are given as one list.
ONE_BLOCK = "mediators"


@dataclass(frozen=True, kw_only=True)
class CausalGraph:
    """The standard fairness model: confounders C, sensitive feature A, mediators M, outcome.

    C causes or shares causes with A, and may act on M and the outcome; A acts on M and on the
    outcome; M acts on the outcome. Features in neither set are not used.

    Examples
    --------
    >>> graph = CausalGraph(confounders=["age"], mediators={"place": ["district"], "pay": ["wage"]})
    >>> graph.blocks
    {'place': ('district',), 'pay': ('wage',)}
    """

    confounders: str | Sequence[str] = ()
    """What the sensitive feature does not change, and the outcome or mediators depend on."""
    mediators: str | Sequence[str] | Mapping[str, str | Sequence[str]] = ()
    """What the sensitive feature changes and the outcome depends on; a name alone is that one
    feature. Named blocks are in causal
    order: no feature of a block acts on one of an earlier block."""

    def __post_init__(self) -> None:
        owner: dict[str, str] = {}
        for role, names in (("confounders", self.confounder_names), *self.blocks.items()):
            named = names or role == "confounders"
            InputError.unless(named, f"graph, {role}", "has no features", "name at least one")
            for name in names:
                problem = f"'{name}' is also in {owner.get(name)}"
                InputError.unless(name not in owner, f"graph, {role}", problem, "keep it in one")
                owner[name] = role

    @property
    def blocks(self) -> dict[str, tuple[str, ...]]:
        """Blocks of mediators in causal order; one block when they were given as a list."""
        if isinstance(self.mediators, Mapping):
            return {block: _several(names) for block, names in self.mediators.items()}
        return {ONE_BLOCK: _several(self.mediators)} if self.mediators else {}

    @property
    def confounder_names(self) -> tuple[str, ...]:
        """Names of the confounders."""
        return _several(self.confounders)

    @property
    def features(self) -> tuple[str, ...]:
        """Confounders, then mediators in causal order."""
        return (*self.confounder_names, *(name for block in self.blocks.values() for name in block))

    @classmethod
    def from_edges(
        cls,
        edges: Iterable[Edge],
        *,
        sensitive: str,
        outcome: str,
        unobserved: Iterable[str] = (),
        blocks: Mapping[str, Sequence[str]] | None = None,
    ) -> Self:
        """Derive both sets from a graph, and refuse one from which the effects do not follow.

        Mediators: observed descendants of the sensitive feature that are ancestors of the outcome
        (what acts through an unobserved one alone counts as direct).
        Confounders: every observed ancestor of the sensitive feature, of a mediator or of the
        outcome that the sensitive feature does not change. Refused is a graph in which they
        leave a back-door path open: with S = {A} and then S = {A, M_1..k}, and all edges out of
        S removed, whatever comes next must be d-separated from S by the confounders
        (no unmeasured confounding of A, or of a block of mediators; Pearl 2001, Zhou 2022).

        Cost: a few passes over the edges for each block.

        Parameters
        ----------
        edges : iterable of (cause, effect)
        sensitive, outcome : str
            Nodes of the graph.
        unobserved : iterable of str
            Nodes that no table holds, such as ``trust``.
        blocks : mapping of str to sequence of str, optional
            Named blocks of all the mediators, in causal order.

        Raises
        ------
        InputError
            When a node is unknown, the graph has a cycle, the outcome acts on anything, blocks
            do not hold the mediators in causal order, or a back-door path stays open.

        References
        ----------
        Pearl, J. (2001). Direct and indirect effects. UAI, 411-420.
        Zhou, X. (2022). Semiparametric estimation for causal mediation analysis with multiple
        causally ordered mediators. Journal of the Royal Statistical Society B 84, 794-821.

        Examples
        --------
        >>> edges = [("sex", "job"), ("job", "paid"), ("age", "job"), ("age", "paid")]
        >>> CausalGraph.from_edges(edges, sensitive="sex", outcome="paid")
        CausalGraph(confounders=('age',), mediators=('job',))
        """
        web, hidden = _Web.of(edges), frozenset(unobserved)
        for name in (sensitive, outcome, *sorted(hidden)):
            remedy = known_names(name, sorted(web.parents))
            InputError.unless(name in web.parents, "edges", f"'{name}' is in none", remedy)
        order = web.order()
        reached = sorted(web.descendants({outcome}) - {outcome})
        problem = f"the outcome '{outcome}' acts on {', '.join(reached)}"
        InputError.unless(not reached, "edges", problem, "leave out what comes after the outcome")
        changed = web.descendants({sensitive})
        between = (changed & web.ancestors({outcome})) - {sensitive, outcome} - hidden
        before = web.ancestors({sensitive, outcome}) - changed - {outcome} - hidden
        mediators = tuple(name for name in order if name in between)
        found = _checked_blocks(blocks, mediators, web)
        _refuse_open_paths(web, before, sensitive, outcome, found or {ONE_BLOCK: mediators})
        confounders = tuple(name for name in order if name in before)
        return cls(confounders=confounders, mediators=found or mediators)


def _several(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


@dataclass(frozen=True)
class _Web:
    """Parents of each node of a directed graph."""

    parents: dict[str, set[str]]

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> Self:
        """Return the graph of some edges, nodes by first mention."""
        parents: dict[str, set[str]] = {}
        for cause, effect in edges:
            parents.setdefault(cause, set())
            parents.setdefault(effect, set()).add(cause)
        return cls(parents)

    def order(self) -> list[str]:
        """Nodes, causes first and otherwise by first mention; refuses a cycle."""
        found: list[str] = []
        while len(found) < len(self.parents):
            waiting = [name for name in self.parents if name not in found]
            ready = [name for name in waiting if self.parents[name] <= set(found)]
            problem = f"go round in a circle among {', '.join(waiting)}"
            InputError.unless(ready, "edges", problem, "remove an edge")
            found += ready
        return found

    def ancestors(self, nodes: Iterable[str]) -> set[str]:
        """Return the nodes and everything that acts on them."""
        return _reachable(nodes, self.parents)

    def descendants(self, nodes: Iterable[str]) -> set[str]:
        """Return the nodes and everything on which they act."""
        causes = set(nodes)
        return {name for name in self.parents if self.ancestors({name}) & causes}

    def without_edges_from(self, nodes: set[str]) -> "_Web":
        """Return the graph in which these nodes act on nothing."""
        return _Web({name: up - nodes for name, up in self.parents.items()})

    def separated(self, one: set[str], other: set[str], known: set[str]) -> bool:
        """Whether `known` d-separates two sets: in the moral graph of the ancestors of all."""
        beside: dict[str, set[str]] = {}
        for child in self.ancestors(one | other | known):
            family = {child, *self.parents[child]}
            for name in family:
                beside[name] = beside.get(name, set()) | (family - {name} - known)
        return not _reachable(one - known, beside) & (other - known)


def _reachable(nodes: Iterable[str], along: Mapping[str, set[str]]) -> set[str]:
    """Return the nodes and all to which steps lead from them."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += along[node]
    return found


def _checked_blocks(
    blocks: Mapping[str, Sequence[str]] | None, mediators: Sequence[str], web: _Web
) -> dict[str, tuple[str, ...]]:
    if blocks is None:
        return {}
    named = [name for names in blocks.values() for name in names]
    for name in mediators:
        problem = f"the mediator '{name}' is in none"
        InputError.unless(name in named, "blocks", problem, "add it to one")
    for name in named:
        remedy = known_names(name, mediators)
        InputError.unless(name in mediators, "blocks", f"'{name}' is no mediator", remedy)
    earlier: set[str] = set()
    for block, names in blocks.items():
        for name in sorted((web.ancestors(earlier) - earlier) & set(names)):
            problem = f"'{name}' acts on an earlier block"
            raise InputError(f"blocks, {block}", problem, "order causes first")
        earlier |= set(names)
    return {block: tuple(names) for block, names in blocks.items()}


def _refuse_open_paths(
    web: _Web, before: set[str], sensitive: str, outcome: str, blocks: Mapping[str, Sequence[str]]
) -> None:
    """Refuse unless each step's causes and what follows are separated by the confounders."""
    steps = [set(names) for names in blocks.values()] + [{outcome}]
    causes = {sensitive}
    for place, step in enumerate(steps):
        rest = set().union(*steps[place:])
        closed = web.without_edges_from(causes).separated(causes, rest, before)
        ends = " and ".join(", ".join(sorted(names)) for names in (causes, rest))
        given = ", ".join(sorted(before)) or "nothing"
        problem = f"leave a back-door path open between {ends} given {given}"
        remedy = "measure a common cause on it, or put both ends into one block"
        InputError.unless(closed, "edges", problem, remedy)
        causes |= step
