"""Pages with code are true: every block runs, in order, and says what is printed below it."""

import ast
import doctest
import re

import numpy as np
import pytest

import credit_ml as cm
from credit_ml.explanation.shapley.shap_values import load_shap

#: Pages whose blocks are examples (``>>>``); others show fragments.
PAGES = ("strategic", "beside_fairlearn_and_shap")
#: Tasks of the page that puts ours beside others, and whose block is the other.
BESIDE = {
    "Audit two sensitive features, their intersections and intervals": "fairlearn",
    "Explain a score's gap by factor": "shap",
}


@pytest.fixture(scope="module", autouse=True)
def _shap_without_its_warning():
    """Import shap before a page does: the import warns of matplotlib, and warnings are errors."""
    load_shap()


def text_of(repository, page):
    return (repository / "docs" / f"{page}.md").read_text(encoding="utf-8")


def sources(text):
    """Return the code of a part of a page, what it prints left out."""
    # A fence would be read as what the line above it prints.
    plain = re.sub(r"^```.*$", "", text, flags=re.MULTILINE)
    return "".join(example.source for example in doctest.DocTestParser().get_examples(plain))


@pytest.fixture(params=BESIDE, ids=BESIDE.get)
def task(repository, request):
    """Return a task's name, and the code of the frame, of the other and of ours."""
    frame, *tasks = re.split(r"^## ", text_of(repository, PAGES[1]), flags=re.MULTILINE)
    assert [each.partition("\n")[0] for each in tasks] == list(BESIDE)
    text = tasks[list(BESIDE).index(request.param)]
    _, theirs, ours = re.split(r"^### ", text, flags=re.MULTILINE)
    other = BESIDE[request.param]
    assert theirs.startswith(f"{other}\n")
    assert ours.startswith("credit_ml\n")
    return other, sources(frame), sources(theirs), sources(ours)


def names_after(*parts):
    """Return what the code leaves behind, run in a namespace of its own."""
    names = {}
    for part in parts:
        exec(compile(part, "page", "exec"), names)
    return names


def code_lines(source):
    lines = (line.strip() for line in source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_its_code_does(repository, page):
    plain = re.sub(r"^```.*$", "", text_of(repository, page), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(plain, {}, page, page, 0)
    assert examples.examples
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    said = []
    runner.run(examples, out=said.append)
    assert not said, "".join(said)


def test_ours_is_shorter_and_filters_nothing(task):
    _, _, theirs, ours = task
    assert 0 < code_lines(ours) < code_lines(theirs)
    assert ".query(" not in ours
    # A mask would be made by a comparison, or handed on by `isin`, `eq` and their like.
    assert not any(isinstance(node, ast.Compare) for node in ast.walk(ast.parse(ours)))
    masks = ("isin", "eq", "ne", "gt", "ge", "lt", "le", "between", "mask")
    assert not re.search(rf"\.({'|'.join(masks)})\(", ours)


def test_ours_needs_nothing_of_theirs_and_agrees(task):
    other, frame, theirs, ours = task
    they, we = names_after(frame, theirs), names_after(frame, ours)
    if other == "fairlearn":
        for name in ("by_sex", "by_age", "by_both", "difference", "ratio"):
            their = they[name].reindex(we[name].index)
            np.testing.assert_allclose(we[name], their, rtol=0, atol=1e-12, err_msg=name)
        for name in ("low", "high"):  # Wilson's, beside 100 draws
            np.testing.assert_allclose(we[name], they[name], atol=0.03, err_msg=name)
    else:
        their = they["parts"].loc[we["parts"].index]
        np.testing.assert_allclose(we["parts"]["estimate"], their["estimate"], atol=1e-5)
        np.testing.assert_allclose(we["parts"], their, atol=0.05)


def test_the_default_estimates_the_same_where_a_score_is_additive(repository):
    frame, *_ = re.split(r"^## ", text_of(repository, PAGES[1]), flags=re.MULTILINE)
    names = names_after(sources(frame))
    people, factors = names["frame"], names["factors"]
    stumps = type(names["model"])(max_depth=1, random_state=0).fit(names["X"], people["paid"])
    data = cm.Dataset.from_frame(people, target="paid", sensitive="sex", factors=factors)
    asked = {"sensitive": "sex", "reference_groups": "m", "output": "log_odds"}
    shap = cm.decompose(stumps, data, method="shap_by_factor", **asked).table["estimate"]
    drawn = np.array(
        [cm.decompose(stumps, data, seed=s, **asked).table["estimate"] for s in range(30)]
    )
    error = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - shap) < 4 * error + 1e-5).all()
