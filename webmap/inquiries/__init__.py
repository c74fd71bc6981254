"""Questions and corrections from people without an account, and what they are answered."""
