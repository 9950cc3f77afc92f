"""A news web on loopback that we wrote ourselves: outlets, feeds, faults and a control route.

Standard library only. `python -P -m <this package> --port 0` prints one JSON line and serves until
it is stopped; `process.running_site()` does that for tests and the demo. An installed Broadsheet
carries this package as `crawler.newsroom`, so every import in it is relative.
"""
