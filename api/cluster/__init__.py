"""Extraction and linking on a Dask cluster: `extract --cluster`, `link --cluster`.

What is done is cut into partitions: files in the order of their names, later plans in the order of linking. A partition is one
task of Dask and one Parquet file, whose name says what it was made from: it is there whole or not at all, and a run that was
stopped makes those that are not there. Folders are reached through fsspec, from this machine and from every worker.
"""

FILES = 200  # of a partition: some four seconds' work for plans of 8 KB
PAIRS = 1_000  # of plans, of a partition of links: some four seconds' work for plans of 20 tasks
