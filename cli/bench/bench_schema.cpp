#include "cli/bench/bench_schema.hpp"

#include <string>

#include "engine/text/replacer.hpp"

namespace leat::cli {

namespace {

// What a result, a target, an address and a stage all have.
constexpr std::string_view kCounts = R"json("scheduled": {"type": "integer", "minimum": 0},
    "sent": {"type": "integer", "minimum": 0},
    "ok": {"type": "integer", "minimum": 0},
    "failed": {"type": "integer", "minimum": 0},
    "timed_out": {"type": "integer", "minimum": 0},
    "dropped": {"type": "integer", "minimum": 0},
    "unanswered": {"type": "integer", "minimum": 0},
    "resent": {"type": "integer", "minimum": 0},
    "status_errors": {"type": "integer", "minimum": 0},
    "in_flight_at_end": {"type": "integer", "minimum": 0},
    "bytes_in": {"type": "integer", "minimum": 0},
    "bytes_out": {"type": "integer", "minimum": 0},)json";
constexpr std::string_view kNames = R"json("scheduled", "sent", "ok", "failed", "timed_out", "dropped",
    "unanswered", "resent", "status_errors", "in_flight_at_end", "bytes_in", "bytes_out")json";

// These stand for @counts@ and @names@.
constexpr std::string_view kSchema = R"json({
 "$schema": "http://json-schema.org/draft-07/schema#",
 "title": "leat.bench/1",
 "description": "What leat bench --format json prints. Times are whole nanoseconds; members whose names end in _s are seconds.",
 "type": "object",
 "properties": {
  "schema": {"enum": ["leat.bench/1"]},
  "argv": {"type": "array", "items": {"type": "string"}},
  "env": {
   "type": "object",
   "properties": {
    "machine": {"type": "string"}, "cpu": {"type": "string"}, "kernel": {"type": "string"}, "leat": {"type": "string"},
    "libraries": {"type": "string"}, "started_at": {"type": "string"}, "cpus": {"type": "integer", "minimum": 0}
   },
   "required": ["machine", "cpu", "cpus", "kernel", "leat", "libraries", "started_at"],
   "additionalProperties": false
  },
  "plan": {"$ref": "#/definitions/plan"},
  "totals": {"$ref": "#/definitions/totals"},
  "rate": {"$ref": "#/definitions/estimate"},
  "error_rate": {"$ref": "#/definitions/estimate"},
  "latency": {"$ref": "#/definitions/latency"},
  "expectation": {"$ref": "#/definitions/expectation"},
  "by_target": {"type": "array", "items": {"$ref": "#/definitions/target"}},
  "by_address": {"type": "array", "items": {"$ref": "#/definitions/address"}},
  "by_stage": {"type": "array", "items": {"$ref": "#/definitions/stage"}},
  "by_status": {"$ref": "#/definitions/statuses"},
  "by_error": {"$ref": "#/definitions/errors"},
  "series": {"type": "array", "items": {"$ref": "#/definitions/second"}},
  "client": {"$ref": "#/definitions/client"},
  "checks": {"type": "array", "items": {"$ref": "#/definitions/check"}},
  "aborted": {"type": "string"},
  "members": {
   "type": "array",
   "items": {
    "type": "object",
    "properties": {
     "name": {"type": "string"}, "died": {"type": "boolean"}, "clock": {"type": "string"},
     "ok": {"type": "integer", "minimum": 0}, "errors": {"type": "integer", "minimum": 0},
     "rate": {"type": "number"}, "p50": {"$ref": "#/definitions/time"}, "p99": {"$ref": "#/definitions/time"},
     "verdict": {"enum": ["none", "ok", "suspect", "saturated"]}, "reason": {"type": "string"}
    },
    "required": ["name", "died", "ok", "errors", "rate", "p50", "p99", "verdict", "reason", "clock"],
    "additionalProperties": false
   }
  },
  "noise_floor": {
   "type": "object",
   "properties": {"rate": {"type": "number"}, "p50": {"$ref": "#/definitions/time"}, "p99": {"$ref": "#/definitions/time"}},
   "required": ["rate", "p50", "p99"],
   "additionalProperties": false
  },
  "comparison": {"$ref": "#/definitions/comparison"},
  "find_rate": {
   "type": "object",
   "properties": {
    "check": {"type": "string"},
    "held": {"type": ["number", "null"]},
    "failed": {"type": ["number", "null"]},
    "trials": {"type": "integer", "minimum": 0},
    "sentence": {"type": "string"}
   },
   "required": ["check", "held", "failed", "trials", "sentence"],
   "additionalProperties": false
  },
  "vs": {
   "type": "object",
   "properties": {
    "plan": {"$ref": "#/definitions/plan"},
    "totals": {"$ref": "#/definitions/totals"},
    "rate": {"$ref": "#/definitions/estimate"},
    "error_rate": {"$ref": "#/definitions/estimate"},
    "latency": {"$ref": "#/definitions/latency"},
    "expectation": {"$ref": "#/definitions/expectation"},
    "by_target": {"type": "array", "items": {"$ref": "#/definitions/target"}},
    "by_address": {"type": "array", "items": {"$ref": "#/definitions/address"}},
    "by_stage": {"type": "array", "items": {"$ref": "#/definitions/stage"}},
    "by_status": {"$ref": "#/definitions/statuses"},
    "by_error": {"$ref": "#/definitions/errors"},
    "series": {"type": "array", "items": {"$ref": "#/definitions/second"}},
    "client": {"$ref": "#/definitions/client"}
   },
   "required": [
    "plan", "totals", "rate", "error_rate", "latency", "by_target", "by_address", "by_status", "by_error",
    "series", "client"
   ],
   "additionalProperties": false
  },
  "exit_code": {"type": "integer", "minimum": 0}
 },
 "required": [
  "schema", "argv", "env", "plan", "totals", "rate", "error_rate", "latency", "by_target", "by_address",
  "by_status", "by_error", "series", "client", "checks", "exit_code"
 ],
 "additionalProperties": false,
 "definitions": {
  "time": {
   "description": "nanoseconds, or null if it is not known",
   "type": ["integer", "null"],
   "minimum": 0
  },
  "estimate": {
   "description": "a value and its 95 % interval; an end that is not known is null",
   "type": ["object", "null"],
   "properties": {"v": {"type": "number"}, "lo": {"type": ["number", "null"]}, "hi": {"type": ["number", "null"]}},
   "required": ["v", "lo", "hi"],
   "additionalProperties": false
  },
  "percentile": {
   "description": "null if it is withheld; v or hi is null if all that is known is that it is more",
   "type": ["object", "null"],
   "properties": {"v": {"$ref": "#/definitions/time"}, "lo": {"$ref": "#/definitions/time"}, "hi": {"$ref": "#/definitions/time"}},
   "required": ["v", "lo", "hi"],
   "additionalProperties": false
  },
  "histogram": {
   "type": "object",
   "properties": {
    "count": {"type": "integer", "minimum": 0},
    "censored": {"type": "integer", "minimum": 0},
    "min": {"$ref": "#/definitions/time"},
    "mean": {"$ref": "#/definitions/time"},
    "stdev": {"$ref": "#/definitions/time"},
    "max": {"$ref": "#/definitions/time"},
    "p": {
     "type": "object",
     "properties": {
      "50": {"$ref": "#/definitions/percentile"},
      "90": {"$ref": "#/definitions/percentile"},
      "95": {"$ref": "#/definitions/percentile"},
      "99": {"$ref": "#/definitions/percentile"},
      "99.9": {"$ref": "#/definitions/percentile"}
     },
     "required": ["50", "90", "95", "99", "99.9"],
     "additionalProperties": false
    },
    "hdr": {"description": "HdrHistogram V2, compressed, in base64", "type": "string"}
   },
   "required": ["count", "censored", "min", "mean", "stdev", "max", "p", "hdr"],
   "additionalProperties": false
  },
  "statuses": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
  "errors": {
   "type": "object",
   "additionalProperties": {
    "type": "object",
    "properties": {"count": {"type": "integer", "minimum": 0}, "first_s": {"type": "number"}, "example": {"type": "string"}},
    "required": ["count", "first_s", "example"],
    "additionalProperties": false
   }
  },
  "plan": {
   "type": "object",
   "properties": {
    "mode": {"enum": ["closed", "open"]},
    "rate": {"type": ["number", "null"]},
    "concurrency": {"type": "integer", "minimum": 0},
    "threads": {"type": "integer", "minimum": 0},
    "warmup_s": {"type": "number"},
    "measured_s": {"type": "number"},
    "paused_s": {"type": "number"},
    "targets": {"type": "integer", "minimum": 0}
   },
   "required": ["mode", "rate", "concurrency", "threads", "warmup_s", "measured_s", "targets"],
   "additionalProperties": false
  },
  "totals": {
   "type": "object",
   "properties": {
    @counts@
    "connections_opened": {"type": "integer", "minimum": 0},
    "unsolicited": {"type": "integer", "minimum": 0}
   },
   "required": [
    @names@, "connections_opened",
    "unsolicited"
   ],
   "additionalProperties": false
  },
  "latency": {
   "type": "object",
   "properties": {
    "response": {"$ref": "#/definitions/histogram"},
    "service": {"$ref": "#/definitions/histogram"},
    "client_queue": {"$ref": "#/definitions/histogram"},
    "dns": {"$ref": "#/definitions/histogram"},
    "connect": {"$ref": "#/definitions/histogram"},
    "tls": {"$ref": "#/definitions/histogram"},
    "tls_resumed": {"$ref": "#/definitions/histogram"},
    "first_byte": {"$ref": "#/definitions/histogram"},
    "transfer": {"$ref": "#/definitions/histogram"},
    "unexpected": {"$ref": "#/definitions/histogram"}
   },
   "required": [
    "response", "service", "client_queue", "dns", "connect", "tls", "tls_resumed", "first_byte", "transfer",
    "unexpected"
   ],
   "additionalProperties": false
  },
  "expectation": {
   "description": "what --expect found in a sample of the good answers",
   "type": "object",
   "properties": {
    "looked_at": {"type": "integer", "minimum": 0},
    "unfit": {"type": "integer", "minimum": 0},
    "example": {"type": ["string", "null"]}
   },
   "required": ["looked_at", "unfit", "example"],
   "additionalProperties": false
  },
  "target": {
   "type": "object",
   "properties": {
    "url": {"type": "string"},
    "method": {"type": "string"},
    @counts@
    "response": {"$ref": "#/definitions/histogram"},
    "by_status": {"$ref": "#/definitions/statuses"},
    "by_error": {"$ref": "#/definitions/errors"}
   },
   "required": [
    "url", "method", @names@, "response",
    "by_status", "by_error"
   ],
   "additionalProperties": false
  },
  "address": {
   "type": "object",
   "properties": {
    "address": {"type": "string"},
    @counts@
    "connections_opened": {"type": "integer", "minimum": 0},
    "response": {"$ref": "#/definitions/histogram"}
   },
   "required": [
    "address", @names@,
    "connections_opened", "response"
   ],
   "additionalProperties": false
  },
  "stage": {
   "type": "object",
   "properties": {
    "lasts_s": {"type": "number"},
    "from": {"type": "number"},
    "to": {"type": "number"},
    @counts@
    "response": {"$ref": "#/definitions/histogram"}
   },
   "required": [
    "lasts_s", "from", "to", @names@,
    "response"
   ],
   "additionalProperties": false
  },
  "second": {
   "type": "object",
   "properties": {
    "t_s": {"type": "number"},
    "sent": {"type": "integer", "minimum": 0},
    "ok": {"type": "integer", "minimum": 0},
    "status_errors": {"type": "integer", "minimum": 0},
    "failed": {"type": "integer", "minimum": 0},
    "p50": {"$ref": "#/definitions/time"},
    "p99": {"$ref": "#/definitions/time"},
    "in_flight": {"type": "number"},
    "schedule_lag_p99": {"$ref": "#/definitions/time"},
    "cpu": {"type": "number"}
   },
   "required": [
    "t_s", "sent", "ok", "status_errors", "failed", "p50", "p99", "in_flight", "schedule_lag_p99",
    "cpu"
   ],
   "additionalProperties": false
  },
  "client": {
   "type": "object",
   "properties": {
    "cpu": {"type": "array", "items": {"type": "number"}},
    "loop_lag_p99": {"$ref": "#/definitions/time"},
    "schedule_lag_p99": {"$ref": "#/definitions/time"},
    "little": {"type": ["number", "null"]},
    "verdict": {"enum": ["ok", "suspect", "saturated", null]},
    "reason": {"type": ["string", "null"]}
   },
   "required": ["cpu", "loop_lag_p99", "schedule_lag_p99", "little", "verdict", "reason"],
   "additionalProperties": false
  },
  "check": {
   "type": "object",
   "properties": {
    "check": {"type": "string"},
    "bound": {"type": "number"},
    "v": {"type": ["number", "null"]},
    "lo": {"type": ["number", "null"]},
    "hi": {"type": ["number", "null"]},
    "result": {"enum": ["pass", "undecided", "fail"]}
   },
   "required": ["check", "bound", "v", "lo", "hi", "result"],
   "additionalProperties": false
  },
  "ratio": {
   "type": ["object", "null"],
   "properties": {"v": {"type": "number"}, "lo": {"type": "number"}, "hi": {"type": "number"}},
   "required": ["v", "lo", "hi"],
   "additionalProperties": false
  },
  "comparison": {
   "type": "object",
   "properties": {
    "a": {"type": "string"},
    "b": {"type": "string"},
    "groups": {"type": "integer", "minimum": 0},
    "confidence": {"type": "number"},
    "median": {"$ref": "#/definitions/ratio"},
    "p99": {"$ref": "#/definitions/ratio"},
    "rate": {"$ref": "#/definitions/ratio"},
    "shares": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "name": {"type": "string"},
       "a": {"type": "number"},
       "b": {"type": "number"},
       "lo": {"type": "number"},
       "hi": {"type": "number"}
      },
      "required": ["name", "a", "b", "lo", "hi"],
      "additionalProperties": false
     }
    },
    "differs": {"type": "boolean"},
    "sentence": {"type": "string"}
   },
   "required": ["a", "b", "groups", "confidence", "median", "p99", "rate", "shares", "differs", "sentence"],
   "additionalProperties": false
  }
 }
}
)json";

}  // namespace

std::string_view bench_schema() {
  static const std::string filled = [] {
    std::string schema(kSchema);
    text::replace_all(schema, "@counts@", kCounts);
    text::replace_all(schema, "@names@", kNames);
    return schema;
  }();
  return filled;
}

}  // namespace leat::cli
