"""A load goes in whole or not at all, and comes out whole, in whatever order; what lies beneath comes to light."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.lib.figure_rows import Row
from app.models import ImportBatch, Observation
from app.policy import Denied
from app.services import figure_batches, figure_previews, figures
from tests.people import Cast

HEAD = "indicator,cds,year,group,value,denominator,status,source\n"
ROW = "four_year_graduation_rate,10621660000000,{year},all,{value},4860,reported,{source}\n"


def load(cast: Cast, folder: Path, *rows: tuple[str, str], source: str = "State file") -> ImportBatch:
    path = folder / "figures.csv"
    path.write_text(
        HEAD + "".join(ROW.format(year=year, value=value, source=source) for year, value in rows), encoding="utf-8"
    )
    batch = figures.load(cast.work(cast.flo), path).batch
    cast.session.commit()
    assert batch is not None
    return batch


def undo(cast: Cast, batch: ImportBatch) -> int:
    gone = figure_batches.undo(cast.work(cast.flo), batch)
    cast.session.commit()
    return gone


def kept(cast: Cast) -> list[tuple[str, int, bool]]:
    cast.session.expire_all()
    query = select(Observation).order_by(Observation.school_year, Observation.source_id, Observation.vintage)
    return [(str(one.value), one.vintage, one.is_latest) for one in cast.session.scalars(query)]


def test_the_middle_one_of_three_and_then_the_last(cast: Cast, tmp_path: Path) -> None:
    first = load(cast, tmp_path, ("2022-23", "82.3"))
    second = load(cast, tmp_path, ("2022-23", "82.7"))
    third = load(cast, tmp_path, ("2022-23", "82.9"))

    assert undo(cast, second) == 1
    assert kept(cast) == [("82.3", 1, False), ("82.9", 3, True)]
    assert undo(cast, third) == 1
    assert kept(cast) == [("82.3", 1, True)]
    assert undo(cast, first) == 1
    assert kept(cast) == []


def test_what_was_taken_out_can_come_in_again(cast: Cast, tmp_path: Path) -> None:
    load(cast, tmp_path, ("2022-23", "82.3"))
    undo(cast, load(cast, tmp_path, ("2022-23", "82.7"), ("2023-24", "83")))

    again = load(cast, tmp_path, ("2022-23", "82.7"), ("2023-24", "83"))

    assert (again.rows_new, again.rows_changed, again.rows_same) == (1, 1, 0)
    assert kept(cast) == [("82.3", 1, False), ("82.7", 2, True), ("83", 1, True)]


def test_another_source_is_not_touched(cast: Cast, tmp_path: Path) -> None:
    first = load(cast, tmp_path, ("2022-23", "82.3"))
    load(cast, tmp_path, ("2022-23", "83.2"), source="Another site")

    undo(cast, first)

    assert kept(cast) == [("83.2", 1, True)]


def test_once_only_and_by_its_own_partnership(cast: Cast, tmp_path: Path) -> None:
    batch = load(cast, tmp_path, ("2022-23", "82.3"))
    with pytest.raises(Denied, match="Only the partnership that loaded these figures"):
        figure_batches.undo(cast.work(cast.eve), batch)
    with pytest.raises(Denied, match="Only a data office or a manager"):
        figure_batches.undo(cast.work(cast.ana), batch)
    undo(cast, batch)

    with pytest.raises(ValueError, match="taken out already"):
        figure_batches.undo(cast.work(cast.flo), batch)


def test_a_load_that_breaks_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    written = figure_previews.written

    def breaking(folder: Path) -> Iterator[tuple[list[tuple[Any, ...]], list[int], list[int]]]:
        yield next(written(folder))
        msg = "the machine stopped"
        raise RuntimeError(msg)

    monkeypatch.setattr(figure_previews, "written", breaking)
    rows = [
        Row("four_year_graduation_rate", "", "10621660000000", "all", 1980 + number % 40, "reported", Decimal(80),
            None, None, None, "", f"Source {number // 40}", "", "")
        for number in range(3000)
    ]  # fmt: skip

    with pytest.raises(RuntimeError, match="the machine stopped"):
        figures.insert_many(cast.work(cast.flo), "broken", rows)
    cast.session.rollback()

    for table in (Observation, ImportBatch):
        assert cast.session.scalar(select(func.count()).select_from(table)) == 0
