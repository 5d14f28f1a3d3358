"""People's hands: the command line. A command does nothing that a job or a row cannot; it asks, watches and shows."""
