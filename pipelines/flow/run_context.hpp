#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/error.hpp"
#include "engine/text/secrets.hpp"
#include "pipelines/expr/worker_program.hpp"
#include "pipelines/flow/acknowledgement.hpp"
#include "pipelines/flow/in_flight.hpp"
#include "pipelines/record/body_budget.hpp"
#include "pipelines/record/failure_tally.hpp"
#include "pipelines/record/ledger.hpp"
#include "pipelines/result/outputs.hpp"

namespace leat::http {
class ClientPool;
class CookieJar;
class HostGate;
}  // namespace leat::http

namespace leat::pipelines {

class ExchangePlayer;
class Journal;
class JqWorker;
class LeftoverFile;
struct Recording;
struct Record;

/// An origin that has failed so often in a row, or has been silent for so long, that no more of its records
/// are tried.
struct GivenUp {
  Error last;                 // of its failures in a row
  std::uint64_t untried = 0;  // records
};

/// What the stages of one run share. Outlives them. Loop thread only.
struct RunContext {
  RunContext(async::EventLoop& l, int fd) noexcept : loop(l), outputs(l, fd) {}

  async::EventLoop& loop;
  Outputs outputs;
  Ledger ledger;
  FailureTally failures;  // of the records that have ended
  InFlight in_flight;
  std::map<std::string, GivenUp> given_up;     // by origin
  std::vector<const http::HostGate*> gates;    // of every `fetch`
  std::vector<const http::ClientPool*> pools;  // of those that have several threads
  std::shared_ptr<http::CookieJar> cookies;    // of all fetches that keep any; null: none does so far
  BodyBudget body_budget{64u << 20};
  std::uint64_t last_id = 0;
  std::uint64_t last_maker = 0;
  std::map<std::string, int> sequences;    // how many of each name there are, see Sequence
  int last_memory = 0;                     // of the stages that remember: the same
  int last_frontier = 0;                   // of the stages that feed themselves: their numbers in the journal
  Journal* journal = nullptr;              // there when the run is to go on after it was killed
  Acknowledgement acknowledgement{*this};  // of what goes into it
  bool retry_failed = false;               // what has failed in the runs before is done again
  std::uint64_t done_before = 0;           // records of the source that the runs before have done
  std::atomic<std::uint64_t> bytes = 0;    // of bodies; from any thread
  std::vector<WorkerProgram> jq_programs;  // of all stages, by their numbers with the worker
  JqWorker* jq = nullptr;                  // there when a stage has such programs
  LeftoverFile* leftovers = nullptr;       // there when failed records go to a file as they came
  Recording* recording = nullptr;          // there when the run is recorded
  ExchangePlayer* player = nullptr;        // there when it is a replay: no fetch has a network then
  std::function<void(const Record&)> report_failure = [](const Record&) {};  // that no output can show
  text::Secrets secrets;                                                     // that no output may show
  bool stopping = false;                                                     // no transfer starts any more
  async::Event ending;      // set then, too: whoever lets records wait lets them go on
  std::string stop_reason;  // what the records that are cancelled say
  bool source_ended = false;
  std::function<bool()> is_at_work = [] { return false; };  // on what neither the loop nor a recording knows
  std::function<void(Error)> abort = [](Error) {};          // ends the run with that error
  Status input_error;  // why the source ended too early: the run fails with it once all that was read is done

  /// What this run calls its records is what another one has called them, or will.
  [[nodiscard]] bool has_next_run() const noexcept {
    return journal != nullptr || recording != nullptr || player != nullptr;
  }
  [[nodiscard]] std::uint64_t next_maker() noexcept { return ++last_maker; }
};

}  // namespace leat::pipelines
