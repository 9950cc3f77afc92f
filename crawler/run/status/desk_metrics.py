"""The figures of a distributed crawl as Prometheus metrics: its broker, slots and workers."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from crawler.run.redis.desk_state import DeskState


def desk_metrics(desk: DeskState) -> Iterator[Metric]:
    """The labels are slots and the workers of now."""
    for name, help_, value in (
        ("broker_reached", "1: the broker answers.", desk.reached),
        ("workers", "Workers that show themselves.", len(desk.workers)),
        ("slots_unserved", "Slots that nobody has served for a minute.", len(desk.unserved)),
        ("results_waiting", "Messages of workers that are not booked.", desk.results),
        ("messages_refused", "That could not be used; of this broker.", desk.refused),
    ):
        yield GaugeMetricFamily(f"broadsheet_{name}", help_, value=value)
    for name, help_, value in (
        ("outcomes_stale", "Outcomes of tasks that were not out any more.", desk.stale),
        ("broker_losses", "How often the broker had lost everything.", desk.wipes),
        ("tasks_swept", "Tasks that the broker had lost one by one.", desk.swept),
    ):
        counter = CounterMetricFamily(f"broadsheet_{name}", help_)
        counter.add_metric([], value)
        yield counter
    yield from _slots(desk)
    yield from _workers(desk)


def _slots(desk: DeskState) -> Iterator[Metric]:
    served = GaugeMetricFamily("broadsheet_slot_served", "1: a worker has it.", labels=["slot"])
    out = GaugeMetricFamily(
        "broadsheet_slot_out", "Tasks laid there and not settled.", labels=["slot"]
    )
    taken = GaugeMetricFamily(
        "broadsheet_slot_taken", "Of these, taken by its worker.", labels=["slot"]
    )
    oldest = GaugeMetricFamily(
        "broadsheet_slot_oldest_seconds", "Age of the oldest of them.", labels=["slot"]
    )
    for slot in desk.slots:
        label = [str(slot.number)]
        served.add_metric(label, bool(slot.worker))
        out.add_metric(label, slot.out)
        taken.add_metric(label, slot.taken)
        oldest.add_metric(label, slot.oldest_s)
    yield from (served, out, taken, oldest)


def _workers(desk: DeskState) -> Iterator[Metric]:
    pages = GaugeMetricFamily(
        "broadsheet_worker_pages_per_second", "Pages handed over, lately.", labels=["worker"]
    )
    flying = GaugeMetricFamily(
        "broadsheet_worker_in_flight", "Its tasks begun and not done.", labels=["worker"]
    )
    for worker in desk.workers:
        pages.add_metric([worker.name], worker.pages_s)
        flying.add_metric([worker.name], worker.in_flight)
    yield from (pages, flying)
