#include "cli/work/job_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using pipelines::JobStatus;
using pipelines::kOutcomes;
using pipelines::Outcome;

constexpr std::size_t kShown = 10;  // failures, and hosts with failures

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

std::string rest_of(const JobStatus& status) {
  if (status.over) return {};
  const std::uint64_t left = status.created - std::min(status.created, status.done);
  if (!status.exhausted) return fmt::format("{} in the job, and the source has more", left);
  if (status.rate <= 0) return fmt::format("{} left", left);
  return fmt::format("{} left, {} at this rate", left,
                     text::format_elapsed(seconds(static_cast<double>(left) / status.rate)));
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
  json.key("outcomes");
  json.begin_object();
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (outcome != Outcome::cancelled) json.member(to_string(outcome), status.outcomes[i]);
  }
  json.end_object();
  put_counts(json, "errors", status.errors);
  put_counts(json, "hosts", status.hosts);
  put_processes(json, status);
  put_failures(json, status);
  json.end_object();
  return std::string(json.text()) + "\n";
}

}  // namespace leat::cli
