"""Follow-up meetings: planned, held, cancelled."""
