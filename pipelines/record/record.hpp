#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/async/block_pool.hpp"
#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "pipelines/record/body_budget.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/record/ledger.hpp"

namespace leat::pipelines {

class Program;

/// What a program gave for a record: its outputs as JSON texts.
struct Answer {
  const Program* program = nullptr;
  Result<std::vector<std::string>> outputs = std::vector<std::string>();
};

/// Where a record stands in the family of the innermost part of the pipeline that waits for its families:
/// behind an `ordered`'s entry, in a `crawl`'s block. Parts nest as blocks do.
struct Descent {
  FamilyRef family;  // null where it is in no such part
  std::string path;  // texts compare as the order in which the family's records were made

  /// Into a part, as the first of a family there.
  void enter(FamilyRef in_part) noexcept {
    family = std::move(in_part);
    path.clear();
  }
  /// Out of the part, into the one around it. Gives the family that it was in; null if that was none, as
  /// happens to a record that a journal has brought back.
  FamilyRef leave() noexcept {
    auto left = std::move(family);
    family = left ? left->outer() : nullptr;
    return left;
  }
  /// That of the `index`-th record (from 0) that comes of this one.
  [[nodiscard]] Descent child(std::uint32_t index) const;
};

/// The item that flows through a pipeline: an input line's request and, later, what came of it.
///
/// Owned by exactly one stage at a time, as a RecordPtr. A record whose `error` is set flows on to the end
/// untouched by the stages in between, and is printed as failed.
struct Record : async::Pooled {
  std::uint64_t id = 0;      // 1, 2, 3, … in the order of input
  std::uint64_t line = 0;    // of the input, counted from 1; 0: not from a line
  std::uint64_t parent = 0;  // the id of the record that it came of; 0: of none
  std::uint32_t depth = 0;   // generations since the source
  std::uint64_t walk = 0;    // of crawl or paginate: the id of the record it began with; 0: it is that one
  std::uint32_t walk_depth = 0;    // generations since that one
  std::string home;                // that one's URL
  std::string source;              // as it stood in the input, without a line end; only kept for --failed
  bool source_never_ends = false;  // another record behind it in a file would be read as part of it
  std::string input;  // what `url` shows where no URL could be read: the line, cut and made printable
  http::Request request;
  std::string output;                  // the line's own "output", a template; empty: the stage's
  Checksums expected;                  // that the body must have
  std::vector<std::string> mirrors;    // tried in turn when the URL before has failed for good
  std::string meta;                    // JSON text, as it came; empty: null
  std::vector<std::string> extracted;  // the places below meta that `extract` has filled, such as "links"
  std::vector<std::string> fixed;  // places of the request that a `next=` has said, and no stage shapes again
  std::vector<std::string> inherited;  // those that it had filled in the records that this one came of
  async::TimePoint born;               // when it was read
  async::Duration waited{0};           // from `born` to the start of its last attempt
  std::chrono::system_clock::time_point started_at{};  // of its first attempt

  Outcome outcome = Outcome::ok;
  std::optional<Error> error;
  bool error_handled = false;  // it is in an on-error block, where its error is data
  bool failure_seen = false;   // see take_failure
  std::optional<http::Response> response;
  Checksums digests;                    // of the body, where they were asked for
  std::string filename;                 // of the file with the body, once it is there
  std::optional<std::string> body;      // if it is held in memory
  std::optional<std::string> raw_body;  // as it came, where `body` is what that unpacks to
  BodyBudget::Share body_share;
  std::uint64_t resumed_from = 0;
  int num_retries = 0;
  std::vector<Answer> answers;  // of the programs that an Ask has asked about it
  Descent descent;
  Ticket ticket;

  /// The body that is held, as it came.
  [[nodiscard]] std::string& body_as_it_came() noexcept { return raw_body ? *raw_body : *body; }
  [[nodiscard]] const std::string& body_as_it_came() const noexcept { return raw_body ? *raw_body : *body; }
  /// To be told of each place below meta that gets a value, "" being all of it: what is there is its own.
  void filled(std::string_view place);
  /// Marks it failed. `stage` is the name of the stage that gives it up.
  void fail(Error why, const char* stage);
  /// Whether stages pass it on untouched.
  [[nodiscard]] bool failed() const noexcept { return error.has_value() && !error_handled; }
  /// Whether it has failed since this was asked last; the row of a stage counts these.
  bool take_failure() noexcept {
    return failed() && outcome == Outcome::failed && !std::exchange(failure_seen, true);
  }
  /// Whether nothing is wrong with it, and nothing has made it superfluous.
  [[nodiscard]] bool is_live() const noexcept {
    return !failed() && (outcome == Outcome::ok || error_handled);
  }
};

using RecordPtr = std::unique_ptr<Record>;

/// The same record once more, for another branch. Its ticket has no place in the accounting, but is in the
/// same family, so that the journal waits for both; the descent stays with the original alone.
[[nodiscard]] RecordPtr copy_of(const Record& record, BodyBudget& budget);

/// Makes `joined`, which is made of several records, one whose own data belongs to an origin only where that
/// of `member` belongs to it as well.
void join_own_origin(Record& joined, const Record& member);

/// A record that came of `parent` as its `index`-th (from 0): with its line, its meta, and in its families.
/// The user's own data stays with the origin that the parent began with. Its id is a number made of the
/// parent's id and the index; `be_born` makes the real one of that.
[[nodiscard]] RecordPtr descend(const Record& parent, std::uint32_t index);

}  // namespace leat::pipelines
