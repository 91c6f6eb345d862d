"""The benchmarks: cases, servers, measurements and tables."""
