"""A scenario played: each event enters as it would in life, by file, by form or by the clock."""

from db.models import Encounter
from tests.scenarios import charts, events, moneys
from tests.scenarios.seen import Event
from tests.scenarios.world import World


class Play(World):
    """A world in which events happen."""

    def event(self, event: Event) -> None:
        """Let time pass to the day of the event, let it happen, and let everybody react."""
        self.pass_to(event["day"])
        self.events.append(event)
        events.happen(self, event)
        self.react()

    def register(self, event: Event) -> None:
        charts.register(self, event)

    def lockbox(self, made: Encounter, cents: int) -> None:
        moneys.lockbox(self, made, cents)
