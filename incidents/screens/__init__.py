"""What the portal's screens show: plain records, made by a fixed number of queries."""
