"""Critics listed or marked down at a hidden rate: what an outside auditor can find."""
