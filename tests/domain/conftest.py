from hypothesis import settings

settings.register_profile("domain", deadline=None)  # a busy machine is not a defect
settings.load_profile("domain")
