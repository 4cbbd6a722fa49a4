#include "pipelines/stages/source/redis_source.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/async/beside.hpp"
#include "engine/text/json_writer.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/result/item.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/redis_group.hpp"
#include "pipelines/stages/source/source_row.hpp"

namespace leat::pipelines {

namespace {

constexpr async::Duration kNever = async::Duration::max();
constexpr std::array<std::string_view, 1> kNeverWord{"never"};

RedisGroupOptions group_options(const RedisSourceArgs& args) {
  RedisGroupOptions options;
  options.key = args.key;
  options.at = args.at;
  options.group = args.group;
  options.claim = args.claim;
  options.away = args.away;
  return options;
}

/// redis: a record for each entry of a stream, read as one consumer of a group.
class RedisSource final : public Source {
 public:
  RedisSource(RedisSourceArgs args, RunContext& context)
      : args_(std::move(args)), context_(context), group_(context.loop, group_options(args_)) {
    context_.source_waits = true;
  }

  async::Task<Status> run(RecordSender out) override {
    return async::beside(read_and_close(std::move(out)), group_.keep_telling(), "redis.tell");
  }
  void stop() noexcept override { stopped_ = true; }

 private:
  /// Between two looks at whether to stop.
  static constexpr async::Duration kStep = std::chrono::milliseconds(250);
  /// For what is left to tell when nobody wants records any more.
  static constexpr async::Duration kHurry = std::chrono::seconds(5);

  async::Task<Status> read_and_close(RecordSender out);
  async::Task<Status> read_all(RecordSender out);
  async::Task<bool> emit_all(Emitter& emitter, StreamEntries entries);
  [[nodiscard]] RecordPtr record_of(const StreamEntry& entry);

  RedisSourceArgs args_;
  RunContext& context_;
  RedisGroup group_;
  JsonDoc doc_;
  text::JsonWriter json_;
  std::uint64_t count_ = 0;
  bool stopped_ = false;
};

}  // namespace

// Entries are acknowledged when their records have ended, which is after the last one was read.
async::Task<Status> RedisSource::read_and_close(RecordSender out) {
  auto opening = group_.open();
  if (auto error = co_await std::move(opening)) co_return error;
  Status status;
  bool cancelled = false;
  try {
    auto reading = read_all(std::move(out));
    status = co_await std::move(reading);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  const async::CancelShield shield;
  auto closing = group_.close(cancelled ? std::min(kHurry, args_.away) : args_.away);
  auto failure = co_await std::move(closing);
  if (cancelled) throw async::Cancelled{};
  if (group_.was_lost()) {
    context_.say("the group \"" + args_.group + "\" of the stream \"" + args_.key +
                 "\" had vanished in the middle, with what was in it, and was made anew");
  }
  co_return status ? std::move(status) : std::move(failure);
}

async::Task<Status> RedisSource::read_all(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  async::TimePoint last = context_.loop.now();
  while (!stopped_ && !group_.failure()) {
    const async::Duration left =
        args_.idle == kNever ? kStep
                             : std::max(args_.idle - (context_.loop.now() - last), async::Duration(0));
    auto reading = group_.next(std::min(left, kStep));
    auto entries = co_await std::move(reading);
    if (!entries) co_return std::move(entries.error());
    if (entries->empty()) {
      if (args_.idle != kNever && context_.loop.now() - last >= args_.idle) break;
      continue;
    }
    auto emitting = emit_all(emitter, std::move(*entries));
    const bool wanted = co_await std::move(emitting);
    if (!wanted) break;
    last = context_.loop.now();
  }
  co_return std::nullopt;
}

// False if nobody wants records any more. What is left of the entries is handed back at the end.
async::Task<bool> RedisSource::emit_all(Emitter& emitter, StreamEntries entries) {
  std::vector<RecordPtr> records;  // all of them are in work from now on, however long the first ones wait
  for (const StreamEntry& entry : entries) {
    ++count_;
    auto record = record_of(entry);
    if (!record) {
      group_.done(entry);
      continue;
    }
    record->ticket.belong_to(group_.take(entry));
    records.push_back(std::move(record));
  }
  for (auto& record : records) {
    if (stopped_) co_return false;
    const bool wanted = co_await emitter.emit(std::move(record));
    if (!wanted) co_return false;
  }
  co_return true;
}

// The entry of a producer that speaks in lines is one; any other is an item, whose values are texts.
RecordPtr RedisSource::record_of(const StreamEntry& entry) {
  if (entry.fields.empty()) return nullptr;  // it was deleted while it was pending
  const auto line = std::find_if(entry.fields.begin(), entry.fields.end(),
                                 [](const auto& field) { return field.first == "line"; });
  if (line != entry.fields.end()) {
    const std::string& text = line->second;
    auto record = text.size() > kMaxLine ? too_long_line(text, count_) : parse_line(text, count_, doc_);
    if (record && context_.leftovers != nullptr) record->source = text;
    return record;
  }
  auto record = std::make_unique<Record>();
  record->line = count_;
  json_.clear();
  json_.begin_object();
  for (const auto& [name, value] : entry.fields) {
    json_.escaped_key(name);
    json_.string(value);
  }
  json_.end_object();
  const std::string text(json_.text());
  Status error;
  if (auto fault = doc_.parse(text)) {
    error = Error(Errc::bad_input, "the entry " + entry.id + " makes no JSON: " + fault->message);
  } else {
    error = take_item(*record, doc_.root(), "");
  }
  if (error) record->fail(std::move(*error), "redis");
  if (context_.leftovers != nullptr) record->source = text;
  return record;
}

const StageRow& row_of(const RedisSourceArgs& /*args*/) noexcept {
  static const StageType<RedisSourceArgs> row({
      .signature = {.name = "redis",
                    .kind = StageKind::source,
                    .help = "makes a record of each entry of a stream of Redis, which a group shares",
                    .example = "redis \"urls\" at=\"unix:redis.sock\" | fetch n=8",
                    .refuses = kRefusedBySources},
      .args = {arg<&RedisSourceArgs::key>(redis_key_row("the stream to read; it is made if it is not there")),
               arg<&RedisSourceArgs::group>({.key = "group",
                                             .name = "NAME",
                                             .type = ArgType::text,
                                             .help = "the consumer group that shares the entries",
                                             .standard = "leat"}),
               {{.key = "idle",
                 .name = "T",
                 .type = ArgType::duration,
                 .help =
                     "end when no entry has come for so long: never, or a time (default 0s: when there is "
                     "none left)",
                 .choices = kNeverWord},
                [](const ArgReader& reader, const ArgRow& own, RedisSourceArgs& args) {
                  if (reader.find(own.key)->value.choice) {
                    args.idle = kNever;
                  } else {
                    reader.read(own.key, args.idle);
                  }
                }},
               arg<&RedisSourceArgs::claim>(
                   {.key = "claim",
                    .name = "T",
                    .type = ArgType::duration,
                    .help = "take over what another consumer has been silent about for so "
                            "long",
                    .least = 100'000'000,
                    .standard = "1min"}),
               arg<&RedisSourceArgs::at>(redis_at_row()),
               arg<&RedisSourceArgs::away>(redis_away_row())},
      .make = make_stage<Source, RedisSource, RedisSourceArgs>,
      .facts = facts_of_source<RedisSourceArgs>,
      .notes = no_notes<RedisSourceArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
