"""`/r/<token>`: the respondent's page. One response holds everything; a GET never writes, a POST may come twice."""
