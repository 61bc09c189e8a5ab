"""What `benches/aims` and `benches/growth` share: processes, contacts, and whom carnet is compared with."""
