"""OWL 2 checks by the OWL API and HermiT, for tests only."""
