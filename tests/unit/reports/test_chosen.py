"""Pages and notebook cells of findings that no study asked for."""

import re

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.core import InputError

#: Kinds that have no words, or none where no page follows a pair of groups.
SPEECHLESS = ("separation", "calibration")


@pytest.fixture(scope="module")
def findings():
    rng = np.random.default_rng(4)
    made = []
    for name in ("one", "<b>two</b>"):
        late, sex = rng.poisson(2, 300), rng.choice(["f", "<m>"], 300)
        frame = pd.DataFrame({"late": late, "sex": sex, "paid": (late < 2).astype(int)})
        frame["paid"] ^= rng.random(300) < 0.2
        data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex", name=name)
        chance = 1 / (1 + np.exp(late - 2.0))
        made += [
            cm.audit(chance > 0.5, data),
            cm.quality(chance, data, rater=name),
            cm.calibration(chance, data, sensitive="sex"),
            cm.decompose(lambda X: -X["late"], data, sensitive="sex"),
            cm.fairness.ranking(chance, data),
        ]
    return made


def test_findings_of_two_tables_make_one_page_in_any_order(findings, tmp_path):
    page = cm.write_report(findings, tmp_path / "page.html", title="Two <tables>").read_text()
    assert "<h1>Two &lt;tables&gt;</h1>" in page
    assert "Chosen findings" in page
    sections = re.findall(r'<section id="(\w+)"', page)
    assert {"quality", "audit", "gap"} <= set(sections)
    back = cm.write_report(findings[::-1], tmp_path / "back.html").read_text()
    assert re.findall(r'<section id="(\w+)"', back) == sections
    assert back.count("<figure") == page.count("<figure")
    one = cm.write_report(findings[0], tmp_path / "one.html").read_text()
    assert re.findall(r'<section id="(\w+)"', one)[:2] == ["data", "audit"]
    assert "<m>" not in page + back + one
    assert "credit-ml run" not in page


@pytest.mark.parametrize("given", [[], ["a table"], [pd.DataFrame()]])
def test_something_else_is_refused(given, tmp_path):
    with pytest.raises(InputError, match="give findings, or a study's results"):
        cm.write_report(given, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_sentence_figure_and_first_rows(findings, monkeypatch):
    for finding in findings:
        shown = finding._repr_html_()
        assert "<m>" not in shown
        assert "<b>two" not in shown
        assert shown.count("<tr") <= 1 + 20
        assert re.search(r"<p>[^<]+\.</p>", shown) or finding.kind in SPEECHLESS
        assert '<img src="data:image/webp;base64,' in shown
        assert len(shown) < 200_000
        assert finding.pictured
    audit = findings[0]
    more = len(audit.table) - 20
    assert f"{more} more rows: <code>.table</code>" in audit._repr_html_()
    assert "<img" not in audit.where(measure="nothing of that name")._repr_html_()
    monkeypatch.setattr(cm.Finding, "pictured", False)
    assert "<img" not in audit._repr_html_()


def test_no_figure_is_left_open(findings):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    findings[0]._repr_html_()
    assert plt.get_fignums() == before


def test_tables_as_latex_and_styled(findings):
    latex = findings[0].to_latex(caption="Who")
    assert r"\toprule" in latex
    assert r"reference\_group" in latex
    assert "&lt;m&gt;" in findings[0].style.to_html()
