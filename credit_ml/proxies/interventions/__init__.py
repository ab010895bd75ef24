"""What would change a gap: interventions on proxies, and less discriminatory alternatives."""
