#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/error.hpp"
#include "engine/text/secrets.hpp"
#include "pipelines/expr/worker_program.hpp"
#include "pipelines/flow/acknowledgement.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/stopping.hpp"
#include "pipelines/record/body_budget.hpp"
#include "pipelines/record/failure_tally.hpp"
#include "pipelines/result/outputs.hpp"

namespace leat::http {
class ClientPool;
class CookieJar;
class HostGate;
}  // namespace leat::http

namespace leat::pipelines {

class ChecksumFile;
class ExchangePlayer;
class Job;
class Journal;
class JqWorker;
class LeftoverFile;
class Reentry;
class RunState;
struct Recording;
struct Record;

/// An origin that has failed so often in a row, or has been silent for so long, that no more of its records
/// are tried.
struct GivenUp {
  Error last;                 // the last of its failures in a row
  std::uint64_t untried = 0;  // records
};

/// What all fetches of a run share, and what the views of a running run look at.
struct Transfers {
  std::map<std::string, GivenUp> given_up;     // by origin
  std::vector<const http::HostGate*> gates;    // one of each `fetch`
  std::vector<const http::ClientPool*> pools;  // of the fetches that have several threads
  std::shared_ptr<http::CookieJar> cookies;    // null until the first fetch wants to keep some
  BodyBudget body_budget{64u << 20};
  std::atomic<std::uint64_t> bytes = 0;  // of bodies; counted from any thread
};

/// What a run knows that keeps a state. With a journal it goes on where an earlier one ended; with a job it
/// does its part of what several processes do.
struct Resuming {
  Resuming(const Stopping& stopping, const Transfers& transfers) noexcept
      : acknowledgement(stopping, transfers) {}

  Journal* journal = nullptr;         // null: this run keeps none
  Job* job = nullptr;                 // null: this run is no part of one
  RunState* state = nullptr;          // the one of the two that is there
  std::map<int, Reentry*> reentries;  // stages that put records into the job, and get them back
  Acknowledgement acknowledgement;    // of what goes into that
  bool retry_failed = false;          // what has failed in the runs before is done again
  bool source_waits = false;          // the source is to know of each record's end at once
  std::uint64_t done_before = 0;      // records of the source that the runs before have done
  int last_memory = 0;                // number of the last stage that remembers something, see StageMemory
  int last_frontier = 0;              // number of the last stage that feeds itself
};

/// What a run knows that is recorded or replayed.
struct Replaying {
  Recording* recording = nullptr;                           // there when the run is recorded
  ExchangePlayer* player = nullptr;                         // there when it is a replay, without a network
  std::map<std::string, int> sequences;                     // how many of each name there are, see Sequence
  std::function<bool()> is_at_work = [] { return false; };  // on what neither the loop nor a recording knows
};

/// The jq programs that another process evaluates.
struct Asking {
  std::vector<WorkerProgram> jq_programs;  // of all stages; a program's place here is its number
  JqWorker* jq = nullptr;                  // there when a stage has such programs
};

/// What a run shows: where it writes, what it counts for its summary and what it hides.
struct Showing {
  Showing(async::EventLoop& loop, int standard_output) noexcept : outputs(loop, standard_output) {}

  Outputs outputs;
  FailureTally failures;              // counts the records that have ended
  LeftoverFile* leftovers = nullptr;  // there when failed records go to a file as they came
  std::function<void(const Record&)> report_failure = [](const Record&) {};  // that no output can show
  std::function<void(const std::string&)> say = [](const std::string&) {};   // to the user, in a line
  text::Secrets secrets;                                                     // that no output may show
  std::vector<std::shared_ptr<const ChecksumFile>> sums;                     // that bodies are compared with
};

/// What the stages of one run share, in parts: a stage asks for those that it needs. Outlives the stages.
/// Loop thread only, where a member does not say otherwise.
struct RunContext : Births, Stopping, Transfers, Resuming, Replaying, Asking, Showing {
  RunContext(async::EventLoop& l, int standard_output) noexcept
      : Births(l), Resuming(*this, *this), Showing(l, standard_output) {}
};

}  // namespace leat::pipelines
