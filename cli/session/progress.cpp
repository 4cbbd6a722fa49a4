#include "cli/session/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "cli/session/stage_rows.hpp"
#include "engine/async/sleep.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using pipelines::Outcome;
using pipelines::RunStats;

std::uint64_t count(const RunStats& stats, Outcome outcome) {
  return stats.outcomes[static_cast<std::size_t>(outcome)];
}

std::uint64_t done(const RunStats& stats) {
  std::uint64_t sum = 0;
  for (const auto settled : stats.outcomes) sum += settled;
  return sum;
}

// 0:07, 12:34, 1:02:03
std::string clock_text(async::Duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

constexpr async::Duration kLong = std::chrono::seconds(2);  // long for a transfer
constexpr double kLongest = 100.0 * 3600;                   // of the time to go: beyond this nobody knows

// "[####      ] 42%"
std::string gauge(double part, Colours colours) {
  constexpr std::size_t kCells = 10;
  const auto full = static_cast<std::size_t>(part * kCells);
  return fmt::format("[{}{}] {}%", colours.good(std::string(full, '#')), std::string(kCells - full, ' '),
                     static_cast<int>(part * 100));
}

// "383 records", "1.4 records"
std::string records_text(double number) {
  return number < 10 ? fmt::format("{:.1f} records", number) : fmt::format("{:.0f} records", number);
}

std::string transfer_line(const pipelines::TransferInfo& transfer) {
  return fmt::format("  {:>7}  {:>8}  {}", clock_text(transfer.elapsed),
                     text::format_bytes(static_cast<double>(transfer.bytes)), text::escaped(transfer.url));
}

// ", 2 hosts doubtful: http://a.org:80 for 12 s, again in 2 s, …"
std::string doubtful_words(const std::vector<pipelines::HostInfo>& hosts) {
  if (hosts.empty()) return "";
  const auto& first = hosts.front();
  std::string text =
      fmt::format(", {} host{} doubtful: {} for {}", hosts.size(), hosts.size() == 1 ? "" : "s",
                  text::escaped(first.origin), text::format_elapsed(first.doubtful_for));
  if (first.next_probe.count() > 0) text += ", again in " + text::format_elapsed(first.next_probe);
  return hosts.size() == 1 ? text : text + ", …";
}

void write_doubtful_hosts(text::JsonWriter& json, const RunStats& stats) {
  json.begin_array();
  for (const auto& host : stats.doubtful_hosts) {
    json.item();
    json.begin_object();
    json.member("origin", host.origin);
    json.member("waiting", host.waiting);
    json.key("doubtful_s");
    json.number(async::in_seconds(host.doubtful_for), 3);
    json.key("next_probe_s");
    json.number(async::in_seconds(host.next_probe), 3);
    json.end_object();
  }
  json.end_array();
}

void write_slowest(text::JsonWriter& json, const RunStats& stats) {
  json.begin_array();
  for (const auto& transfer : stats.slowest) {
    json.item();
    json.begin_object();
    json.member("url", transfer.url);
    json.key("elapsed_s");
    json.number(async::in_seconds(transfer.elapsed), 3);
    json.member("bytes", transfer.bytes);
    json.end_object();
  }
  json.end_array();
}

async::TimePoint now() { return std::chrono::steady_clock::now(); }

}  // namespace

namespace {

// The one file that a run is about, while it is fetched; null if it is about several.
const pipelines::TransferInfo* only_file(const ProgressView& view) {
  const auto& stats = view.stats;
  const bool is_one = stats.source_ended && stats.records_in == 1 && stats.slowest.size() == 1;
  return is_one && stats.slowest.front().total > 0 ? &stats.slowest.front() : nullptr;
}

// "0:07  [####      ] 42%  1.2 GB of 2.9 GB  30 MB/s, 0:41 to go  URL"
std::string file_line(const ProgressView& view, const pipelines::TransferInfo& file) {
  const auto bytes = [](std::uint64_t count) { return text::format_bytes(static_cast<double>(count)); };
  std::string line = fmt::format("{}  {}  {} of {}  {}/s", clock_text(view.elapsed),
                                 gauge(part_done(view).value_or(0), view.colours), bytes(file.bytes),
                                 bytes(file.total), text::format_bytes(view.bytes_per_second));
  if (const auto left = time_left(view)) line += fmt::format(", {} to go", clock_text(*left));
  return line + "  " + text::escaped(file.url);
}

}  // namespace

std::optional<double> part_done(const ProgressView& view) {
  const auto& stats = view.stats;
  if (const auto* file = only_file(view))
    return std::min(1.0, static_cast<double>(file->bytes) / static_cast<double>(file->total));
  const std::optional<double> read = stats.source_ended ? 1.0 : stats.input_read;
  if (!read || stats.records_in == 0) return std::nullopt;
  return *read * static_cast<double>(done(stats)) / static_cast<double>(stats.records_in);
}

std::optional<async::Duration> time_left(const ProgressView& view) {
  if (const auto* file = only_file(view); file != nullptr && view.bytes_per_second > 0) {
    const auto missing = static_cast<double>(file->total - std::min(file->total, file->bytes));
    const double left = missing / view.bytes_per_second;
    return left > kLongest ? std::nullopt : std::optional(async::from_seconds(left));
  }
  const auto part = part_done(view);
  if (!part || *part <= 0 || view.elapsed < std::chrono::seconds(1)) return std::nullopt;
  const double left = async::in_seconds(view.elapsed) * (1 - *part) / *part;
  if (left > kLongest) return std::nullopt;
  return async::from_seconds(left);
}

std::string bar_line(const ProgressView& view) {
  const auto& stats = view.stats;
  std::string line = clock_text(view.elapsed) + "  ";
  if (const auto part = part_done(view)) line += gauge(*part, view.colours) + "  ";
  line += fmt::format("{}/{}{} done", done(stats), stats.records_in, stats.source_ended ? "" : "+");
  if (const auto left = time_left(view)) line += fmt::format(", {} to go", clock_text(*left));
  if (const auto failed = count(stats, Outcome::failed); failed > 0) {
    line += ", " + view.colours.bad(fmt::format("{} failed", failed));
  }
  const auto add = [&](std::uint64_t number, const char* what) {
    if (number > 0) line += fmt::format(", {} {}", number, what);
  };
  add(count(stats, Outcome::skipped) + count(stats, Outcome::not_modified), "skipped");
  add(count(stats, Outcome::cancelled), "cancelled");
  line += fmt::format(", {} running", stats.running);
  add(stats.retrying, "to retry");
  add(stats.waiting, "waiting for hosts");
  add(stats.parked_hosts, stats.parked_hosts == 1 ? "host parked" : "hosts parked");
  line += doubtful_words(stats.doubtful_hosts);
  return line + fmt::format("  {}  {}/s  {}/s", text::format_bytes(static_cast<double>(stats.bytes)),
                            text::format_bytes(view.bytes_per_second), records_text(view.records_per_second));
}

std::vector<std::string> bar_lines(const ProgressView& view, std::size_t most) {
  const auto* file = view.stages.empty() ? only_file(view) : nullptr;
  std::vector<std::string> lines{file != nullptr ? file_line(view, *file) : bar_line(view)};
  if (view.stages.empty() && file == nullptr) {
    for (const auto& transfer : view.stats.slowest) {
      if (lines.size() < most && transfer.elapsed >= kLong) lines.push_back(transfer_line(transfer));
    }
  }
  if (view.stages.empty() || most < 3) return lines;
  for (auto& line : stage_rows(view.stages, most - 1)) lines.push_back(std::move(line));
  return lines;
}

std::string plain_line(const ProgressView& view) {
  const std::string line = "leat " + view.command + ": " + bar_line(view);
  return view.stages.empty() ? line : line + "; " + stage_words(view.stages);
}

std::string json_line(const ProgressView& view, bool at_end) {
  const auto& stats = view.stats;
  text::JsonWriter json;
  const auto real = [&json](std::string_view name, double value, int decimals) {
    json.key(name);
    json.number(value, decimals);
  };
  const auto real_or_null = [&json](std::string_view name, std::optional<double> value) {
    json.key(name);
    value ? json.number(*value, 3) : json.null();
  };
  json.begin_object();
  real("elapsed_s", async::in_seconds(view.elapsed), 3);
  json.member("records_in", stats.records_in);
  for (std::size_t i = 0; i < pipelines::kOutcomes; ++i) {
    json.member(pipelines::to_string(static_cast<Outcome>(i)), stats.outcomes[i]);
  }
  if (!view.stages.empty()) {
    json.key("stages");
    json.raw(stages_json(view.stages));
  }
  json.member("running", stats.running);
  json.member("retrying", stats.retrying);
  json.member("waiting", stats.waiting);
  json.member("parked_hosts", stats.parked_hosts);
  json.key("doubtful_hosts");
  write_doubtful_hosts(json, stats);
  json.member("bytes", stats.bytes);
  real("bytes_per_s", view.bytes_per_second, 0);
  real("records_per_s", view.records_per_second, 1);
  real_or_null("part_done", part_done(view));
  const auto left = time_left(view);
  real_or_null("left_s", left ? std::optional(async::in_seconds(*left)) : std::nullopt);
  json.key("slowest");
  write_slowest(json, stats);
  json.member("source_ended", stats.source_ended);
  json.member("end", at_end);
  json.end_object();
  return std::string(json.text());
}

double RateMeter::update(std::uint64_t total, async::TimePoint now) {
  const double seconds = async::in_seconds(now - at_);
  const std::uint64_t before = std::exchange(total_, total);
  const async::TimePoint since = std::exchange(at_, now);
  if (!std::exchange(started_, true)) return rate_;
  if (seconds <= 0) {
    at_ = since;
    total_ = before;
    return rate_;
  }
  const double latest = static_cast<double>(total - before) / seconds;
  rate_ += (latest - rate_) * (1 - std::exp(-seconds));
  return rate_;
}

Progress::Progress(ProgressKind kind, int fd, ProgressSource source)
    : kind_(kind), fd_(fd), source_(std::move(source)), bar_(fd), started_(now()) {
  rate_.update(0, started_);
  record_rate_.update(0, started_);
}

async::Task<void> Progress::run() {
  using namespace std::chrono_literals;
  if (kind_ == ProgressKind::off) co_return;
  const async::Duration period = kind_ == ProgressKind::bar ? 100ms : kind_ == ProgressKind::json ? 1s : 10s;
  for (;;) {
    co_await async::sleep_for(period);
    show(false);
  }
}

void Progress::say(std::string_view line) {
  bar_.clear();
  write_all(fd_, std::string(line) + "\n");
}

void Progress::finish() {
  if (kind_ != ProgressKind::off) show(true);
}

ProgressView Progress::view() {
  ProgressView view;
  view.command = source_.command;
  if (kind_ == ProgressKind::bar) view.colours = source_.colours;
  view.stats = source_.stats();
  if (source_.stages) view.stages = source_.stages();
  view.elapsed = now() - started_;
  view.bytes_per_second = rate_.update(view.stats.bytes, now());
  view.records_per_second = record_rate_.update(done(view.stats), now());
  return view;
}

void Progress::show(bool at_end) {
  switch (kind_) {
    case ProgressKind::off:
      break;
    case ProgressKind::bar:
      if (source_.gives_way && source_.gives_way()) break;
      at_end ? bar_.clear() : bar_.draw_lines(bar_lines(view(), bar_.height()));
      break;
    case ProgressKind::plain:
      write_all(fd_, plain_line(view()) + "\n");
      break;
    case ProgressKind::json:
      write_all(fd_, json_line(view(), at_end) + "\n");
      break;
  }
}

}  // namespace leat::cli
