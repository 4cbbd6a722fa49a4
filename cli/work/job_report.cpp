#include "cli/work/job_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using pipelines::JobStatus;
using pipelines::kOutcomes;
using pipelines::Outcome;

constexpr std::size_t kShown = 10;  // failures, hosts with failures, and those that are down

std::string shown(const std::string& text) { return text::printable(text, 200); }

async::Duration seconds(double count) {
  return std::chrono::duration_cast<async::Duration>(std::chrono::duration<double>(count));
}

std::string state_of(const JobStatus& status) {
  if (status.over) return fmt::format("done, after {}", text::format_elapsed(seconds(status.seconds)));
  const std::string since = text::format_elapsed(seconds(status.seconds));
  if (status.processes.empty()) return fmt::format("nobody works on it; it was made {} ago", since);
  return fmt::format("at work for {}", since);
}

std::uint64_t left_of(const JobStatus& status) {
  return status.created - std::min(status.created, status.done);
}

// Nothing as long as nobody knows how many records there are, or how fast they are done.
std::optional<double> seconds_left(const JobStatus& status) {
  if (status.over) return 0;
  if (!status.exhausted || status.rate <= 0) return std::nullopt;
  return static_cast<double>(left_of(status)) / status.rate;
}

std::string rest_of(const JobStatus& status) {
  if (status.over) return {};
  if (!status.exhausted) return fmt::format("{} in the job, and the source has more", left_of(status));
  const auto rest = seconds_left(status);
  if (!rest) return fmt::format("{} left", left_of(status));
  return fmt::format("{} left, {} at this rate", left_of(status), text::format_elapsed(seconds(*rest)));
}

std::string text_of(const JobStatus::Down& down) {
  const std::string since = text::format_elapsed(seconds(down.seconds));
  const std::string next =
      down.is_given_up ? std::string("given up")
                       : fmt::format("asked again in {}", text::format_elapsed(seconds(down.next_probe)));
  return fmt::format("down: {} for {}, {}; {}: {}\n", shown(down.origin), since, next, shown(down.code),
                     shown(down.message));
}

void put_down(text::JsonWriter& json, const JobStatus& status) {
  json.member("down_count", status.down_count);
  json.key("down");
  json.put('[');
  for (std::size_t i = 0; i < status.down.size(); ++i) {
    const auto& down = status.down[i];
    if (i > 0) json.put(',');
    json.begin_object();
    json.key("origin");
    json.string(down.origin);
    json.member("given_up", down.is_given_up);
    json.key("seconds");
    json.raw(fmt::format("{:.3f}", down.seconds));
    json.key("next_probe");
    json.raw(down.is_given_up ? "null" : fmt::format("{:.3f}", down.next_probe));
    json.key("code");
    json.string(down.code);
    json.key("message");
    json.string(down.message);
    json.end_object();
  }
  json.put(']');
}

template <class Counts>
void put_counts(text::JsonWriter& json, const char* name, const Counts& counts) {
  json.key(name);
  json.begin_object();
  for (const auto& [key, count] : counts) {
    json.escaped_key(key);
    json.number(count);
  }
  json.end_object();
}

void put_processes(text::JsonWriter& json, const JobStatus& status) {
  json.key("processes");
  json.put('[');
  for (std::size_t i = 0; i < status.processes.size(); ++i) {
    const auto& process = status.processes[i];
    if (i > 0) json.put(',');
    json.begin_object();
    json.key("name");
    json.string(process.name);
    json.member("partitions", process.partitions);
    json.member("reads", process.reads);
    json.member("ended", process.ended);
    json.end_object();
  }
  json.put(']');
}

void put_failures(text::JsonWriter& json, const JobStatus& status) {
  json.key("failures");
  json.put('[');
  for (std::size_t i = 0; i < status.failures.size(); ++i) {
    const auto& failure = status.failures[i];
    if (i > 0) json.put(',');
    json.begin_object();
    json.key("code");
    json.string(failure.code);
    json.key("url");
    json.string(failure.url);
    json.key("message");
    json.string(failure.message);
    json.end_object();
  }
  json.put(']');
}

}  // namespace

std::string job_text(const JobStatus& status) {
  std::string text;
  for (const auto& [name, value] : status.config) text += fmt::format("{}: {}\n", shown(name), shown(value));
  text += fmt::format("job: {}\n", state_of(status));
  text += fmt::format("read: {} {} of the source{}\n", status.read, status.read == 1 ? "record" : "records",
                      status.exhausted ? ", all of it" : "");
  pipelines::JobSum sum;
  sum.outcomes = status.outcomes;
  text += fmt::format("done: {}; {:.1f} a second\n", to_text(sum), status.rate);
  if (const auto rest = rest_of(status); !rest.empty()) text += fmt::format("left: {}\n", rest);
  for (const auto& process : status.processes) {
    text += fmt::format("process {}: {} of 64 partitions, {} records done{}\n", shown(process.name),
                        process.partitions, process.ended, process.reads ? ", reads the source" : "");
  }
  for (std::size_t i = 0; i < std::min(kShown, status.down.size()); ++i) text += text_of(status.down[i]);
  if (status.down_count > kShown) text += fmt::format("down: {} more\n", status.down_count - kShown);
  for (const auto& [code, count] : status.errors) text += fmt::format("failed: {} {}\n", count, shown(code));
  for (std::size_t i = 0; i < std::min(kShown, status.hosts.size()); ++i)
    text += fmt::format("failed at {}: {}\n", shown(status.hosts[i].first), status.hosts[i].second);
  for (std::size_t i = 0; i < std::min(kShown, status.failures.size()); ++i) {
    const auto& failure = status.failures[i];
    text += fmt::format("{}: {}: {}\n", shown(failure.code), shown(failure.url), shown(failure.message));
  }
  return text;
}

std::string job_json(const JobStatus& status) {
  text::JsonWriter json;
  json.begin_object();
  json.key("config");
  json.begin_object();
  for (const auto& [name, value] : status.config) {
    json.escaped_key(name);
    json.string(value);
  }
  json.end_object();
  json.key("leat");
  json.string(status.leat_version);
  json.member("over", status.over);
  json.member("exhausted", status.exhausted);
  json.member("read", status.read);
  json.member("created", status.created);
  json.member("done", status.done);
  json.key("seconds");
  json.raw(fmt::format("{:.3f}", status.seconds));
  json.key("rate");
  json.raw(fmt::format("{:.3f}", status.rate));
  json.member("left", left_of(status));
  const auto rest = seconds_left(status);
  json.key("seconds_left");
  json.raw(rest ? fmt::format("{:.3f}", *rest) : "null");
  json.key("outcomes");
  json.begin_object();
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (outcome != Outcome::cancelled) json.member(to_string(outcome), status.outcomes[i]);
  }
  json.end_object();
  put_counts(json, "errors", status.errors);
  put_counts(json, "hosts", status.hosts);
  put_down(json, status);
  put_processes(json, status);
  put_failures(json, status);
  json.end_object();
  return std::string(json.text()) + "\n";
}

}  // namespace leat::cli
