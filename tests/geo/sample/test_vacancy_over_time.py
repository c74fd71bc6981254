"""The invented city has a past that a planner would believe: it neither empties nor fills all at once."""

from datetime import date, timedelta

from geo.sample import SEED
from geo.sample.lives import Lives, lives

TODAY = date(2026, 7, 28)
VACANT = ("vacant", "talks", "signed")


def _vacant_share(story: Lives, day: date) -> float:
    vacant = whole = 0
    for room in story.rooms:
        known = [each for each in room.stretches if each.start <= day]
        if known and known[-1].exists and known[-1].state not in ("unknown", "prelet"):
            whole += room.area_m2
            vacant += room.area_m2 if known[-1].state in VACANT else 0
    return vacant / whole


def test_vacancy_of_the_city_moves_by_a_few_points_a_year_and_falls_of_late() -> None:
    story = lives(SEED, TODAY)
    shares = [_vacant_share(story, TODAY - timedelta(days=days)) for days in (700, 525, 350, 175, 0)]
    assert max(shares) - min(shares) < 0.06
    assert shares[-1] < shares[-3]
