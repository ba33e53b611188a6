"""The door of a demo city learns by night, as a server's does: in a second process, while the next day is lived.

What it learned is taken a day later whether the process was quick or slow, so that the same seed lives the same life.
"""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from onedoor.intake import pairing
from onedoor.intake.learning import Course, Taught, enrol, graduate
from onedoor.intake.models import TrainedModel
from onedoor.kernel.actor import Actor

TEACHER = Actor.system("demo")


class School:
    """One course at a time."""

    def __init__(self) -> None:
        self.waiting: tuple[TrainedModel, Course, ProcessPoolExecutor, Future[Taught]] | None = None

    def begin(self, newest: int) -> None:
        """Begins a course with so many of the newest lessons, where there are enough."""
        version, course = enrol(TEACHER, newest=newest)
        if course is not None:
            pool = ProcessPoolExecutor(1, mp_context=get_context("fork"))
            self.waiting = version, course, pool, pool.submit(course.taught)

    def compare(self) -> None:
        """Learns from the pairs that clerks judged, where there are enough; it takes a second."""
        if pairing.is_due():
            pairing.learn(TEACHER)

    def end(self) -> None:
        """Waits for the course that was begun, and takes what it gave."""
        if self.waiting is not None:
            version, course, pool, taught = self.waiting
            self.waiting = None
            with pool:
                graduate(TEACHER, version, course, taught.result)
