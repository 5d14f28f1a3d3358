"""People's hands: the command line. A command does nothing that a job cannot; it asks, watches and shows."""
