"""Administration: units, staff, roles, case teams by reference, handing over, and the log. No case contents."""
