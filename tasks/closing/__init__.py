"""Closing (结案核查): what stands before the closing of a case, closing it, and opening it again.

Reads everything of a case and its repair; writes blocker rows (gate CLOSING) every night for cases that can
come to closing, the stage and closing date of a case, and an event for each closing and reopening (domain
7.2). Money that comes on a closed case, and a bank line that names one, opens it again by night (domain 6.4).
"""
