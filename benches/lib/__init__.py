"""Shared by `benches/targets.py` and `benches/growth.py`: processes, contacts, and the systems that carnet is compared with."""
