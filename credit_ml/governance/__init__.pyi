from .agreed_values.agreed import agreed_values
from .agreed_values.ballots import VoteCount, mean_weights, median_weights, vote
from .agreed_values.citizens import CitizenValues, citizen_weights
from .agreed_values.election import VoteOptions
from .agreed_values.finding import AgreedValues
from .audit_checks.case import AuditCase
from .audit_checks.catalogue import AuditCheck, audit_checks_frame, check_ids, load_check
from .audit_checks.run import diagnose
from .case import ExhibitCase, ExhibitOptions
from .data_limits.finding import DataLimits, Inferable, PrivateRelease
from .data_limits.frontier import LimitOptions, data_frontier
from .data_limits.inferable import inferable
from .data_limits.limit import HOLDERS, OFFICES, PURPOSES, DataLimit, share_reaching
from .data_limits.private import (
    Randomised,
    attack_auc,
    noised_counts,
    pure_attack_auc,
    randomised_answers,
    released_counts,
    truth_chance,
)
from .data_limits.private_release import private_release
from .due_process.compute import due_process
from .due_process.contest import Contest, dearest_kept
from .due_process.finding import DueProcess
from .due_process.options import DueProcessOptions
from .enrolment.compute import EnrolmentOptions, enrolment
from .enrolment.finding import Enrolment
from .enrolment.trust import TrustRule, trust_after
from .enrolment.unravel import Silence, silence, uniform_threshold
from .exhibits import exhibits
from .finding import RuleExhibit
from .hidden_groups.audit import HiddenOptions, hidden_groups
from .hidden_groups.bounds import corrected_gaps, gap_bounds
from .hidden_groups.finding import HiddenGroups
from .hidden_groups.of_society import SurveyOptions, audit_without_groups
from .political_use.closed_form import citizens_needed, listings_needed, scores_needed, scores_power
from .political_use.compute import political_use
from .political_use.finding import PoliticalScreen, PoliticalUse
from .political_use.options import PoliticalOptions
from .political_use.screen import political_screen
from .rule import LegalRule, RuleError, load_rule, rule_ids, rules
from .source_rows.compute import rows
from .source_rows.finding import SourceRows
from .source_rows.row import SourceRow, load_row, row_ids
from .transparency.compute import TransparencyOptions, transparency_rules
from .transparency.finding import Transparency

__all__ = [
    "HOLDERS",
    "OFFICES",
    "PURPOSES",
    "AgreedValues",
    "AuditCase",
    "AuditCheck",
    "CitizenValues",
    "Contest",
    "DataLimit",
    "DataLimits",
    "DueProcess",
    "DueProcessOptions",
    "Enrolment",
    "EnrolmentOptions",
    "ExhibitCase",
    "ExhibitOptions",
    "HiddenGroups",
    "HiddenOptions",
    "Inferable",
    "LegalRule",
    "LimitOptions",
    "PoliticalOptions",
    "PoliticalScreen",
    "PoliticalUse",
    "PrivateRelease",
    "Randomised",
    "RuleError",
    "RuleExhibit",
    "Silence",
    "SourceRow",
    "SourceRows",
    "SurveyOptions",
    "Transparency",
    "TransparencyOptions",
    "TrustRule",
    "VoteCount",
    "VoteOptions",
    "agreed_values",
    "attack_auc",
    "audit_checks_frame",
    "audit_without_groups",
    "check_ids",
    "citizen_weights",
    "citizens_needed",
    "corrected_gaps",
    "data_frontier",
    "dearest_kept",
    "diagnose",
    "due_process",
    "enrolment",
    "exhibits",
    "gap_bounds",
    "hidden_groups",
    "inferable",
    "listings_needed",
    "load_check",
    "load_row",
    "load_rule",
    "mean_weights",
    "median_weights",
    "noised_counts",
    "political_screen",
    "political_use",
    "private_release",
    "pure_attack_auc",
    "randomised_answers",
    "released_counts",
    "row_ids",
    "rows",
    "rule_ids",
    "rules",
    "scores_needed",
    "scores_power",
    "share_reaching",
    "silence",
    "transparency_rules",
    "trust_after",
    "truth_chance",
    "uniform_threshold",
    "vote",
]
