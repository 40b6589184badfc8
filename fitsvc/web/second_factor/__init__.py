"""The second step of signing in: a code, a passkey or a recovery code, and setting up the first of them."""
