#include <fmt/format.h>

#include <string>

#include "cli/bench/team_plan.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/hash.hpp"

namespace leat::cli {

namespace {

void add_pieces(std::string& into, const load::TextPieces& pieces) {
  for (const auto& piece : pieces) {
    into += fmt::format("{}:{}:{}:{}:{};", static_cast<int>(piece.kind), piece.text, piece.column,
                        piece.lowest, piece.highest);
  }
}

std::string number_of(const std::string& text) { return fmt::format("{:016x}", text::hash64(text)); }

std::string target_text(const load::Target& target) {
  std::string rest;
  add_pieces(rest, target.path);
  for (const auto& header : target.headers) add_pieces(rest, header);
  add_pieces(rest, target.body);
  return fmt::format("{} {} weight {}, the rest of it {}", target.method, http::without_userinfo(target.url),
                     target.weight, number_of(rest));
}

}  // namespace

std::string plan_lines(const load::LoadPlan& plan) {
  const bool open = plan.mode == load::LoadPlan::Mode::open;
  std::string text;
  const auto line = [&text](std::string_view name, const auto& value) {
    text += fmt::format("{} {}\n", name, value);
  };
  line("mode", open ? "open" : "closed");
  line("rate", plan.rate);
  line("arrival", static_cast<int>(plan.arrival));
  for (const auto& stage : plan.stages)
    line("stage", fmt::format("{}ns@{}..{}", stage.lasts.count(), stage.from, stage.to));
  line("burst", fmt::format("{} every {}ns", plan.burst, plan.every.count()));
  line("concurrency", plan.concurrency);
  line("requests", plan.requests);
  line("measured", fmt::format("{}ns", plan.measured.count()));
  line("warmup", fmt::format("{}ns", plan.warmup.count()));
  line("think", fmt::format("{}ns", plan.think.count()));
  line("ramp-up", fmt::format("{}ns", plan.ramp_up.count()));
  line("timeout", fmt::format("{}ns", plan.timeout.count()));
  line("connect-timeout", fmt::format("{}ns", plan.connect_timeout.count()));
  line("drain", plan.drain ? fmt::format("{}ns", plan.drain->count()) : std::string("by itself"));
  line("seed", plan.seed);
  line("kind", fmt::format("{}{}{}{}", plan.full ? "full " : "", plan.http2 ? "http2 " : "",
                           plan.http1_0 ? "http1.0 " : "", plan.keepalive ? "" : "no-keepalive"));
  line("sessionid", plan.resumes_tls);
  line("streams", plan.streams);
  for (const auto& target : plan.targets) line("target", target_text(target));
  std::string rows;
  if (plan.data) {
    for (const auto& row : *plan.data) {
      for (const auto& value : row) rows += value + '\0';
    }
  }
  line("data", number_of(rows));
  for (const auto& range : plan.expected) line("status", fmt::format("{}..{}", range.first, range.second));
  if (plan.expected_size) line("body-size", *plan.expected_size);
  line("user", number_of(plan.userpwd));
  line("user-agent", plan.user_agent);
  line("path-as-is", plan.path_as_is);
  return text;
}

std::string question_lines(const ReportConfig& report) {
  std::string text;
  if (report.versus) text += "vs " + target_text(*report.versus) + "\n";
  if (report.find_rate) text += "find-rate " + report.find_rate->text + "\n";
  for (const auto& check : report.checks) text += "check " + check.text + "\n";
  text += fmt::format("check-mode {}\nexpect {}\nexpect-sha256 {}\n", static_cast<int>(report.check_mode),
                      number_of(report.expect), report.expect_sha256);
  return text;
}

}  // namespace leat::cli
