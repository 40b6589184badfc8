"""The data keys of every test's database."""

from fitsvc.keyring import KEY_BYTES, Keyring

KEYS = Keyring.of({"test": bytes(range(KEY_BYTES))})
DATA_KEYS = "test:" + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="  # the same, as a setting
