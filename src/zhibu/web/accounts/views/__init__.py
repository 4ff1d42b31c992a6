"""Pages: `entering` (P01 and its second step), `security` (my own account), `keeping` (accounts below)."""
