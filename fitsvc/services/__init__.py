"""What people do and look at. Services take the session, who acts (`by`) and the time (`now`); they never commit."""
