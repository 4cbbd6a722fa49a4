#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/error.hpp"
#include "pipelines/body_budget.hpp"
#include "pipelines/ledger.hpp"
#include "pipelines/stages/in_flight.hpp"

namespace leat::http {
class HostGate;
class Performer;
}  // namespace leat::http
namespace leat::io {
class OutputWriter;
}

namespace leat::pipelines {

/// What the stages of one run share. Outlives them. Loop thread only.
struct RunContext {
  RunContext(async::EventLoop& l, int fd) noexcept : loop(l), output_fd(fd) {}

  async::EventLoop& loop;
  int output_fd;
  Ledger ledger;
  http::Performer* client = nullptr;
  io::OutputWriter* output = nullptr;
  InFlight in_flight;
  std::vector<const http::HostGate*> gates;  // of every `fetch`
  BodyBudget body_budget{64u << 20};
  std::uint64_t last_id = 0;
  std::atomic<std::uint64_t> bytes = 0;             // of bodies; from any thread
  std::optional<async::Semaphore> order_window;     // places for records between source and `ordered`
  bool stopping = false;                            // no transfer starts any more
  std::string stop_reason;                          // what the records that are cancelled say
  std::function<void(Error)> abort = [](Error) {};  // ends the run with that error
};

}  // namespace leat::pipelines
