"""What is broken, each in the middle of a night, at a moment that a seed chooses."""

from datetime import timedelta
from typing import NamedTuple

from tests.faults import our_programs, servers_of_others
from tests.faults.when import Inject, at, at_any_step, in_the_middle


class Fault(NamedTuple):
    name: str
    inject: Inject
    short: bool = False
    """Whether it is one of those that `tests/faults/test_faults.py` tries."""
    days: int = 1
    told: bool = False
    """Whether it takes a night from its worker, so that `huikuan night history` has to tell of another attempt."""


FAULTS = (
    Fault("worker's child killed before the lease", at("before_lease", 40, "kill"), told=True),
    Fault("worker's child killed after the lease", at("leased", 40, "kill"), told=True),
    Fault("worker's child killed in mid-step", at("statement", 1200, "kill"), short=True),
    Fault("worker's child killed before the commit", at("before_commit", 40, "kill"), told=True),
    Fault("worker's child killed after the commit", at("committed", 40, "kill"), told=True),
    Fault("worker's child killed between steps", at("between_steps", 40, "kill"), told=True),
    Fault("worker's child killed before the acknowledgement", at("before_ack", 2, "kill")),
    Fault("worker's main process killed", at("statement", 1200, "kill_main")),
    Fault("worker killed whole", at("statement", 1200, "kill_all"), short=True),
    Fault("worker killed whole at a named step", at_any_step("kill_all")),
    Fault("worker told to end", our_programs.told_to_end(1)),
    Fault("worker told to end, then to hurry", our_programs.told_to_end(2)),
    Fault("worker frozen past its lease, then thawed (leased)", our_programs.frozen("leased", 30)),
    Fault("worker frozen past its lease, then thawed (before the commit)", our_programs.frozen("before_commit", 30), short=True),
    Fault("worker frozen past its lease, then thawed (mid-step)", our_programs.frozen("statement", 1000)),
    Fault("beat killed", in_the_middle(our_programs.beat_killed)),
    Fault("beat killed after insert, before publish", our_programs.beat_killed_before_publishing),
    Fault("three beats at once", our_programs.three_beats),
    Fault("beat stopped over two nights", our_programs.beat_stopped_over_two_nights, short=True, days=3),
    Fault("Redis stopped and started", in_the_middle(servers_of_others.stop_redis)),
    Fault("Redis killed, back with nothing", in_the_middle(servers_of_others.kill_redis), short=True),
    Fault("Redis flushed", in_the_middle(servers_of_others.flush_redis)),
    Fault("Redis flushed again and again", servers_of_others.redis_empty_at_night),
    Fault("Redis paused", in_the_middle(servers_of_others.pause_redis)),
    Fault("PostgreSQL stopped and started", in_the_middle(servers_of_others.stop_postgres)),
    Fault("PostgreSQL killed", in_the_middle(servers_of_others.kill_postgres), short=True),
    Fault("PostgreSQL: a session's process killed", in_the_middle(servers_of_others.kill_a_session)),
    Fault("PostgreSQL out of connections", in_the_middle(servers_of_others.no_connection_left)),
    Fault("a transaction terminated", at("statement", 1200, "cut")),
    Fault("a serialization failure", at("statement", 1200, "serialization")),
    Fault("a deadlock", at("statement", 1200, "deadlock")),
    Fault("the disk full", our_programs.disk_full),
    Fault("the database's disk full", at("statement", 1200, "disk_full")),
    Fault("the clock stepped back by a day", our_programs.clock_stepped(timedelta(days=-1))),
    Fault("the clock stepped on by three hours", our_programs.clock_stepped(timedelta(hours=3))),
    Fault("every message three times, out of order", our_programs.everything_three_times, short=True),
    Fault("unknown rows and tasks, broken JSON, a pickle", in_the_middle(our_programs.nonsense)),
)  # fmt: skip
