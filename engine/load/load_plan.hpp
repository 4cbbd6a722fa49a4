#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/http/message/wire_options.hpp"
#include "engine/load/body_watch.hpp"

namespace leat::load {

/// How the planned times of an open loop follow each other.
enum class Arrival : std::uint8_t {
  constant,  // evenly
  poisson,   // independently of each other, as the requests of many users
};

/// A stretch of an open loop, in which the rate changes evenly from one value to the other; equal values make
/// a step.
struct RateStage {
  async::Duration lasts{0};
  double from = 0;  // requests per second
  double to = 0;
};

/// A part of a text that is written anew for every request.
struct TextPiece {
  enum class Kind : std::uint8_t {
    text,    // `text` unchanged
    seq,     // how many requests the run has planned before this one, so each number comes once
    random,  // 16 hexadecimal digits
    column,  // a column of the data row whose turn it is
    number,  // a random whole number from `lowest` to `highest`
    uuid,    // a random UUID (RFC 9562, version 4)
    now,     // the seconds since 1970, with three decimals
  };
  Kind kind = Kind::text;
  std::string text;
  std::size_t column = 0;
  bool in_url = false;  // percent-encodes what may not stand in a URL
  std::uint64_t lowest = 0;
  std::uint64_t highest = 0;
};
using TextPieces = std::vector<TextPiece>;

/// One request that is sent again and again.
struct Target {
  std::string url;  // as written, for reports; its scheme, host and port hold for all requests
  TextPieces path;  // path and query as they are sent; empty: those of `url`
  std::string method = "GET";
  std::vector<TextPieces> headers;  // "Name: value", after those of the plan
  TextPieces body;
  bool has_body = false;
  double weight = 1;  // its share of the requests, more than 0
};

/// Rows of values for `TextPiece::Kind::column`, which are used in turn, and again from the first after the
/// last.
using DataRows = std::vector<std::vector<std::string>>;

/// Ranges of statuses, both ends included.
using StatusRanges = std::vector<std::pair<int, int>>;

/// What a benchmark does, after all checks.
///
/// A duration of zero means none. In a closed loop, each of `concurrency` slots sends, waits for the answer,
/// thinks, and sends again. In an open loop, requests have planned times, whatever happens to earlier ones;
/// `concurrency` is how many may be outstanding, and a request that this cap delays is measured from its
/// planned time.
struct LoadPlan {
  LoadPlan() = default;

  enum class Mode : std::uint8_t { closed, open };

  Mode mode = Mode::closed;
  double rate = 0;  // open loop without stages: requests per second, all threads together
  Arrival arrival = Arrival::constant;
  std::vector<RateStage> stages;  // open loop: replaces `rate`; their sum is the measured time
  std::uint64_t burst = 0;        // open loop: if not 0, so many requests are planned at once,
  async::Duration every{0};       // each time this has passed; `rate` is what they come to
  std::size_t concurrency = 64;   // all threads together
  std::size_t threads = 1;        // at most `concurrency`
  async::Duration think{0};       // closed loop
  async::Duration ramp_up{0};     // closed loop: the slots begin one after the other in this time

  async::Duration warmup{0};    // before the measured time; it is left out of everything that is measured
  async::Duration measured{0};  // the run ends after this time, or
  std::uint64_t requests = 0;  // after so many requests without the warm-up; with both, whichever comes first

  async::Duration timeout{std::chrono::seconds(30)};  // the limit of a request, from its real send
  async::Duration connect_timeout{std::chrono::seconds(10)};
  // How long answers may come after the end; if it is empty, `Recorder::drain` says it.
  std::optional<async::Duration> drain;
  std::optional<std::uint64_t> expected_size;  // of the body of each good answer
  StatusRanges expected;                       // the statuses of good answers; empty: all below 400
  BodyJudges judges;                           // of the bodies of good answers; empty: nobody judges them
  bool samples_answers = false;                // copies of some good answers are kept

  bool http1_0 = false;     // requests say HTTP/1.0; not with `full`
  bool path_as_is = false;  // /../ and /./ stay in paths; not with `full`
  bool keepalive = true;    // false: a connection for each request
  bool full = false;        // libcurl's whole transfers: redirects, cookies, compression
  bool http2 = false;       // by ALPN, and without TLS by prior knowledge
  std::size_t streams = 1;  // HTTP/2: requests at once on one connection

  std::vector<Target> targets;       // at least one
  std::vector<std::string> headers;  // "Name: value", for every target
  std::shared_ptr<const DataRows> data;
  std::uint64_t seed = 0;  // for weights, arrivals and {random}

  std::string unix_socket;              // path; empty: TCP
  std::vector<std::string> resolve;     // "host:port:address[,address]…", as curl takes it
  std::vector<std::string> connect_to;  // "host1:port1:host2:port2", the same
  async::Duration dns_ttl{0};           // names are looked up again after it; zero: never
  std::string proxy;                    // empty: none
  bool insecure = false;                // -k
  bool resumes_tls = true;              // new connections go on with the session of an earlier one
  std::string ca_file;
  std::string cert;  // a file, and after a colon its pass phrase
  std::string key;
  std::string key_password;
  http::WireOptions::Ip ip = http::WireOptions::Ip::any;  // the only family of addresses, if not `any`
  std::string userpwd;                                    // "user:password", Basic
  std::string user_agent;

  /// True if an answer of that status is a good one.
  [[nodiscard]] bool expects(int status) const noexcept {
    if (expected.empty()) return status < 400;
    return std::any_of(expected.begin(), expected.end(), [status](const auto& range) {
      return range.first <= status && status <= range.second;
    });
  }

  [[nodiscard]] bool looks_at_bodies() const noexcept { return judges != nullptr || samples_answers; }
  /// If not 0, the run is a part of one that several processes make: its threads are those from
  /// `first_thread` on of so many, which share slots, requests and planned times exactly, wherever they run.
  /// Its result is not settled, and has its seconds; see `merge_members`.
  std::size_t all_threads = 0;
  std::size_t first_thread = 0;

  async::Duration slice{std::chrono::seconds(1)};  // how often a LoadObserver is told; divides a second

  /// How many connections the slots need at one origin.
  [[nodiscard]] std::size_t connections() const noexcept {
    return http2 && keepalive ? (concurrency + streams - 1) / streams : concurrency;
  }
  /// How long it measures if no count ends it: `measured`, or the sum of the stages. Zero: only a count ends
  /// it.
  [[nodiscard]] async::Duration measures_for() const noexcept {
    if (mode != Mode::open || stages.empty()) return measured;
    async::Duration sum{0};
    for (const RateStage& stage : stages) sum += stage.lasts;
    return sum;
  }
};

}  // namespace leat::load
