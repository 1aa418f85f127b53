"""The benchmark behind `deploy/bench/run`."""
