-- Votes for the choices in turn, for VOTE_SECONDS; then nothing more is sent, so that every vote is answered
-- before the end. The rest is said by variables: VOTE_HEADERS and VOTE_BODIES, a line each.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } bench_time; int clock_gettime(int, bench_time *);")
local clock = ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(1, clock)
  return tonumber(clock.seconds) + tonumber(clock.nanoseconds) / 1e9
end

local requests, turn, finish = {}, 0, nil

function init(args)
  for name, value in os.getenv("VOTE_HEADERS"):gmatch("([^:\n]+): ([^\n]+)") do
    wrk.headers[name] = value
  end
  for body in os.getenv("VOTE_BODIES"):gmatch("[^\n]+") do
    requests[#requests + 1] = wrk.format("POST", nil, nil, body)
  end
  finish = now() + tonumber(os.getenv("VOTE_SECONDS"))
end

function delay()
  if now() >= finish then return 3600000 end
  return 0
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

dofile(os.getenv("VOTE_REPORT"))
