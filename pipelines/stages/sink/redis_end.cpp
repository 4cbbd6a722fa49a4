#include "pipelines/stages/sink/redis_end.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/async/wait_for.hpp"
#include "engine/redis/client.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/stages/sink/line_format.hpp"

namespace leat::pipelines {

namespace {

/// redis: an entry of a stream for each record.
///
/// Entries go in batches, each in one call, and a record's ticket is settled once Redis has its entry. While
/// a call is under way nothing is taken, so what comes faster waits in the channel. What Redis does not take
/// within `away` ends the run.
class RedisEnd final : public Sink {
 public:
  RedisEnd(RedisEndArgs args, RunContext& context)
      : args_(std::move(args)),
        format_(make_line_format(args_.line)),
        context_(context),
        client_(context.loop, redis::ClientOptions(std::move(redis::parse_redis_url(args_.at)).value())) {}

  async::Task<Status> run(RecordReceiver in) override;
  [[nodiscard]] std::uint64_t ended() const override { return ended_; }
  [[nodiscard]] StageLoad load() const override;

 private:
  static constexpr std::size_t kMostLines = 512;
  static constexpr std::size_t kMostBytes = 1u << 20;
  /// A batch waits so long for more records: a twentieth of a second is not missed, and saves calls.
  static constexpr async::Duration kLinger = std::chrono::milliseconds(50);

  struct Pending {
    std::uint64_t id = 0;
    Outcome outcome = Outcome::ok;
    FailureTally::Note failure;
    Ticket ticket;
    Acknowledgement::Claim claim;
    bool has_line = false;
  };

  async::Task<void> fill(RecordReceiver& in);
  async::Task<Status> flush();
  void take(Record& record);
  [[nodiscard]] Result<std::string> line_of(const Record& record);
  void settle_first(std::size_t count);
  [[nodiscard]] Error not_written(Error why) const;
  [[nodiscard]] bool is_full() const noexcept {
    return pending_.size() >= kMostLines || bytes_ >= kMostBytes;
  }

  RedisEndArgs args_;
  std::unique_ptr<LineFormat> format_;
  RunContext& context_;
  redis::Client client_;
  std::vector<redis::Command> commands_;  // of the records that have a line
  std::vector<Pending> pending_;
  std::size_t bytes_ = 0;
  std::uint64_t ended_ = 0;
  std::uint64_t failed_ = 0;
  bool at_end_ = false;
  bool flushing_ = false;
};

async::Task<std::optional<RecordPtr>> next_of(RecordReceiver& in) { co_return co_await in.next(); }

}  // namespace

async::Task<Status> RedisEnd::run(RecordReceiver in) {
  struct DropPending {
    ~DropPending() { pending.clear(); }
    std::vector<Pending>& pending;
  };
  const DropPending at_end{pending_};
  // Before the first record: a key that is something else already costs nobody a request.
  auto checking = client_.check_stream(args_.key, args_.away);
  if (auto error = co_await std::move(checking)) co_return error;
  while (!at_end_) {
    auto filling = fill(in);
    co_await std::move(filling);
    auto flushing = flush();
    if (auto error = co_await std::move(flushing)) {
      context_.ledger.count_dropped_as(Outcome::cancelled);
      co_return error;
    }
  }
  co_return std::nullopt;
}

// The first record is waited for as long as it takes.
async::Task<void> RedisEnd::fill(RecordReceiver& in) {
  auto record = co_await in.next();
  const async::TimePoint end = context_.loop.now() + kLinger;
  for (;;) {
    at_end_ = !record;
    if (at_end_) co_return;
    take(**record);
    if (is_full()) co_return;
    record = in.try_next();
    if (record) continue;
    const async::Duration left = end - context_.loop.now();
    if (left <= async::Duration::zero()) co_return;
    try {
      auto waiting = async::wait_for(next_of(in), left);
      record = co_await std::move(waiting);
    } catch (const async::TimeoutError&) {
      co_return;
    }
  }
}

Result<std::string> RedisEnd::line_of(const Record& record) {
  auto made = format_->line(record, {});
  if (!made) return std::move(made.error());
  std::string line(*made);
  if (line.ends_with('\n')) line.pop_back();
  context_.secrets.hide(line);
  return line;
}

// A failed record that no line can tell from a good one is reported, as `write` does.
void RedisEnd::take(Record& record) {
  const bool is_bad = record.outcome == Outcome::failed || record.outcome == Outcome::cancelled;
  const bool is_shown =
      !is_bad || record.error_handled || (format_->tells_failure() && !is_left(record, context_));
  bool has_line = false;
  if (is_shown) {
    auto line = line_of(record);
    has_line = line.ok();
    if (has_line) {
      bytes_ += line->size();
      commands_.push_back({"XADD", args_.key, "*", "line", std::move(*line)});
    } else if (!record.error) {
      record.fail(std::move(line.error()), "redis");
      ++failed_;
    }
  }
  if (!has_line && record.error && !is_left(record, context_)) context_.report_failure(record);
  if (record.error && record.ticket.family()) record.ticket.family()->explain(record);
  pending_.push_back({record.id, record.outcome, context_.failures.note(record), std::move(record.ticket),
                      context_.acknowledgement.claim(), has_line});
}

void RedisEnd::settle_first(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    context_.failures.add(pending_[i].failure);
    pending_[i].ticket.settle(pending_[i].outcome);
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  ended_ += count;
}

Error RedisEnd::not_written(Error why) const {
  constexpr std::size_t kMostNamed = 8;
  std::string ids;
  std::size_t count = 0;
  for (const auto& pending : pending_) {
    if (!pending.has_line || ++count > kMostNamed) continue;
    ids += (ids.empty() ? "" : ", ") + std::to_string(pending.id);
  }
  why.message += "; the lines of " + std::to_string(count) + (count == 1 ? " record" : " records") +
                 " were not written to the stream \"" + args_.key + "\": of " +
                 (count == 1 ? "record " : "records ") + ids + (count > kMostNamed ? ", …" : "");
  return why;
}

// Of a batch of which Redis takes some and refuses the rest, those records are done that it has taken.
async::Task<Status> RedisEnd::flush() {
  bytes_ = 0;
  redis::Replies replies;
  if (!commands_.empty()) {
    flushing_ = true;
    auto calling = client_.insist(std::exchange(commands_, {}), args_.away);
    auto answered = co_await std::move(calling);
    flushing_ = false;
    if (!answered) co_return not_written(std::move(answered.error()));
    replies = std::move(*answered);
  }
  Status error;
  std::size_t line = 0;
  std::size_t done = 0;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const bool is_refused = pending_[i].has_line && replies[line].is_error();
    if (is_refused && !error) error = client_.error_of(replies[line]);
    if (pending_[i].has_line) ++line;
    if (!is_refused) std::swap(pending_[done++], pending_[i]);
  }
  settle_first(done);
  if (error) co_return not_written(std::move(*error));
  co_return std::nullopt;
}

StageLoad RedisEnd::load() const {
  StageLoad load(StageRole::sink);
  load.failed = failed_;
  load.no_room = flushing_;
  return load;
}

namespace {

constexpr std::array<std::string_view, 1> kFormats{"json"};

Argument<RedisEndArgs> format_arg() {
  return {{.name = "FORMAT",
           .type = ArgType::temp,
           .help = "json, or \"text with {fields}\" (default json)",
           .choices = kFormats,
           .check = check_text},
          [](const ArgReader& reader, const ArgRow& row, RedisEndArgs& args) {
            const BoundValue& value = reader.find(row.name)->value;
            if (value.choice) return;
            args.line.format = WriteArgs::Format::text;
            args.line.text = std::get<std::string>(value.value);
          }};
}

}  // namespace

const StageRow& row_of(const RedisEndArgs& /*args*/) noexcept {
  static const StageType<RedisEndArgs> row({
      .signature = {.name = "redis",
                    .kind = StageKind::sink,
                    .help = "adds what write would print of each record to a stream of Redis",
                    .example = "lines \"urls.txt\" | fetch | redis \"results\" at=\"unix:redis.sock\"",
                    .refuses = {.on_error =
                                    "what Redis refuses ends the run, and a record fails in a template only",
                                .timeout = "away= says how long the server is waited for",
                                .n = "it adds one batch after the other"}},
      .args = {arg<&RedisEndArgs::key>(redis_key_row("the stream to add to; it is made if it is not there")),
               format_arg(),
               {{.key = "fields",
                 .name = "LIST",
                 .type = ArgType::list,
                 .help = "only these fields: url,id=meta.id,meta.* (default a result's own)",
                 .check = check_fields},
                [](const ArgReader& reader, const ArgRow& own, RedisEndArgs& args) {
                  reader.read(own.key, args.line.fields);
                }},
               {{.key = "include",
                 .name = "LIST",
                 .type = ArgType::list,
                 .help = "also print these: body, headers, json (default none)",
                 .check = check_include},
                [](const ArgReader& reader, const ArgRow& own, RedisEndArgs& args) {
                  reader.read(own.key, args.line.include);
                }},
               arg<&RedisEndArgs::at>(redis_at_row()),
               arg<&RedisEndArgs::away>(redis_away_row())},
      .make = make_stage<Sink, RedisEnd, RedisEndArgs>,
      .facts =
          [](const RedisEndArgs& args) {
            const StageArgs line(args.line);
            return line.row().facts(line);
          },
      .notes =
          [](const RedisEndArgs& args) {
            const StageArgs line(args.line);
            return line.row().notes(line);
          },
  });
  return row;
}

}  // namespace leat::pipelines
