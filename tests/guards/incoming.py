"""Figures on their way in, for guards: a file that is looked at, a load, a mapping, and a figure that is held."""

import io
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from app.lib.figure_answers import Answers
from app.models import Event, ImportBatch
from app.services import figure_uploads, mappings, typed_figures
from app.services.typed_figures import Typed
from tests.people import Cast

FILE = (
    "indicator,cds,year,group,value,denominator,status,source\n"
    "four_year_graduation_rate,10621660000000,{year},all,82.3,4860,reported,Secret source\n"
)


def arrive(app: Flask, cast: Cast) -> dict[str, int | str]:
    """Bring everything in as Flo, who keeps figures; return what addresses name it by."""
    root = app.config["BRAID"].data / "imports"
    work = cast.work(cast.flo)
    loaded = figure_uploads.receive(work, "Secret load.csv", _file("2021-22"), root)
    figure_uploads.load(work, loaded, root)
    batch_id = cast.session.scalars(select(ImportBatch.id)).one()
    saved = mappings.save(work, Answers({"LEA": "code", "Rate": "value", "Year": "year"}, "Secret source",
                                        indicator="four_year_graduation_rate").mapping("Secret kind"))  # fmt: skip
    few = Typed(cast.graduation.id, 2022, Decimal(70), None, Decimal(5), note="Secret count")
    held = typed_figures.add(work, few)
    waiting = figure_uploads.receive(work, "Secret figures.csv", _file("2022-23"), root)
    cast.session.commit()
    event_id = cast.session.scalars(select(Event.id).where(Event.action == "mapping.saved")).one()
    return {
        "upload_id": waiting.id,
        "batch_id": batch_id,
        "mapping_id": saved.id,
        "event_id": event_id,
        "observation_id": held.id,
        "name": "outcomes",
    }


def _file(year: str) -> io.BytesIO:
    return io.BytesIO(FILE.format(year=year).encode())
