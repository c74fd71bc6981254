"""What the worker does about clusters: it checks an answer by permutation, for the page that waits."""

from procrastinate import JobContext

from webmap.jobs import app_of, tasks


@tasks.task(name="permute_clusters", pass_context=True)
def permute_clusters(context: JobContext, key: str) -> None:
    """Work out the check that waits under a key."""
    from webmap.cluster_permutations import work_in  # noqa: PLC0415 - it adds jobs, which know their tasks

    work_in(app_of(context), key)
