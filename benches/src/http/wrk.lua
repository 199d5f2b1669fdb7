-- Prints what the comparison reads, in one line. wrk counts in microseconds.
done = function(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    "measured requests=%d duration=%d p50=%d p99=%d errors=%d\n",
    summary.requests,
    summary.duration,
    latency:percentile(50),
    latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
