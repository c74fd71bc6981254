"""Accounts: signing in and out, sessions that can be revoked, limited attempts."""
