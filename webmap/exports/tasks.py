"""What the worker does about downloads: files of the whole city, one after the other."""

from procrastinate import JobContext

from geo.exports.geofiles import format_of
from geo.filters import Filters
from webmap.db import connect
from webmap.exports.making import layer_of, make_file, make_pyramid
from webmap.exports.prepared import TILES, making
from webmap.jobs import tasks, work_of


@tasks.task(name="prepare_download", pass_context=True)
def prepare_download(context: JobContext, name: str) -> None:
    """Write a file of the whole city, with the visitors' login."""
    settings = work_of(context).settings
    database = connect(settings)
    with making(settings, name) as path:
        if name == TILES:
            make_pyramid(database, settings, path)
            return
        make_file(database, settings, layer_of(name), Filters(), format_of(name), path)
