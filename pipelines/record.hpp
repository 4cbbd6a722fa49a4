#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/block_pool.hpp"
#include "engine/async/clock.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/error.hpp"
#include "engine/http/request.hpp"
#include "engine/http/response.hpp"
#include "pipelines/body_budget.hpp"
#include "pipelines/ledger.hpp"

namespace leat::pipelines {

/// The item that flows through a pipeline: an input line's request and, later, what came of it.
///
/// Owned by exactly one stage at a time, as a RecordPtr. A record whose `error` is set flows on to the end
/// untouched by the stages in between, and is printed as failed.
struct Record : async::Pooled {
  std::uint64_t id = 0;    // 1, 2, 3, … in the order of input
  std::uint64_t line = 0;  // of the input, counted from 1; 0: not from a line
  std::string input;       // what `url` shows where no URL could be read: the line, cut and made printable
  http::Request request;
  std::string output;                // the line's own "output", a template; empty: the stage's
  std::string sha256;                // expected, lower-case hex; empty: none
  std::vector<std::string> mirrors;  // tried in turn when the URL before has failed for good
  std::string meta;                  // JSON text, as it came; empty: null
  async::TimePoint born;             // when it was read
  async::Duration waited{0};         // from `born` to the start of its last attempt
  std::chrono::system_clock::time_point started_at{};  // of its first attempt

  Outcome outcome = Outcome::ok;
  std::optional<Error> error;
  std::optional<http::Response> response;
  std::string filename;             // where the body stands, once it stands there
  std::optional<std::string> body;  // where it is held in memory
  BodyBudget::Share body_share;
  std::uint64_t resumed_from = 0;
  int num_retries = 0;
  async::Semaphore::Permit order_place;  // its place in the window of `ordered`, if there is one
  Ticket ticket;

  /// Marks it failed. `stage` is the name of the stage that gives it up.
  void fail(Error why, const char* stage);
  [[nodiscard]] bool failed() const noexcept { return error.has_value(); }
};

using RecordPtr = std::unique_ptr<Record>;

}  // namespace leat::pipelines
