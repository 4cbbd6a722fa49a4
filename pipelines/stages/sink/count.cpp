#include "pipelines/stages/sink/count.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "pipelines/flow/time_limits.hpp"

namespace leat::pipelines {

Count::Count(const CountArgs& args, RunContext& context) : args_(args), context_(context) {
  if (!args.by.empty()) by_.emplace(args.by);
}

std::vector<const Program*> Count::programs() const {
  if (!by_) return {};
  return {&*by_};
}

Status Count::open() {
  auto opened = context_.outputs.open(args_.to);
  if (!opened) return opened.error();
  output_ = *opened;
  return std::nullopt;
}

async::Task<Status> Count::run(RecordReceiver in) {
  const auto block = std::exchange(on_error_, std::nullopt);
  for (;;) {
    auto record = co_await in.next();
    if (!record) break;
    if (!add(**record, block.has_value())) {
      RecordSender into = *block;
      co_await into.send(std::move(*record));
      continue;
    }
    context_.failures.add(context_.failures.note(**record));
    if ((*record)->ticket.entry()) kept_.push_back((*record)->ticket.share());
    (*record)->ticket.settle((*record)->outcome);
  }
  std::string shown = text();
  context_.secrets.hide(shown);
  output_->append_now(shown);
  output_->flush();
  auto draining = output_->drain();
  co_await std::move(draining);
  if (output_->state() != io::OutputState::open) co_return std::nullopt;
  for (auto& ticket : kept_) ticket.settle(Outcome::skipped);
  co_return std::nullopt;
}

bool Count::add(Record& record, bool has_block) {
  Status error = by_ ? keys_of(record) : std::nullopt;
  if (error && !record.failed()) {
    ++failed_;
    record.fail(std::move(*error), "count");
    record.error_handled = has_block;
    if (has_block) return false;
    context_.report_failure(record);
  }
  ++all_;
  if (error) outputs_.add("null");
  for (std::size_t i = 0; i < outputs_.size(); ++i) ++counts_[std::string(outputs_[i])];
  return true;
}

Status Count::keys_of(const Record& record) {
  const auto started = std::chrono::steady_clock::now();
  view_.look_at(record);
  auto error = by_->outputs(record, view_, outputs_);
  const bool late = timeout_.count() > 0 && std::chrono::steady_clock::now() - started > timeout_;
  if (!error && late) error = late_error(timeout_);
  if (error) outputs_.clear();
  return error;
}

StageLoad Count::load() const {
  StageLoad load(StageRole::sink);
  load.failed = failed_;
  return load;
}

std::string Count::text() const {
  if (!by_) return "{\"count\":" + std::to_string(all_) + "}\n";
  std::vector<std::pair<std::string, std::uint64_t>> rows(counts_.begin(), counts_.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [key, count] : rows) {
    text += "{\"key\":" + key + ",\"count\":" + std::to_string(count) + "}\n";
  }
  return text;
}

}  // namespace leat::pipelines
