"""What happened: record types, sentences on incidents, and tables of reported incidents."""
