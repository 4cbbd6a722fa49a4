#include "cli/session/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using pipelines::Outcome;

std::string rate(std::uint64_t bytes, async::Duration elapsed) {
  const double seconds = std::max(async::in_seconds(elapsed), 1e-3);
  return text::format_bytes(static_cast<double>(bytes) / seconds) + "/s";
}

constexpr std::size_t kListed = 5;

// "a.org x9, b.org x3, others x4": the first ones of a list that has the most frequent first.
template <class Rows>
std::string times(const Rows& rows, std::uint64_t others = 0) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i >= kListed) {
      others += rows[i].second;
    } else {
      text += fmt::format("{}{} ×{}", i == 0 ? "" : ", ", rows[i].first, rows[i].second);
    }
  }
  return others == 0 ? text : text + fmt::format(", others ×{}", others);
}

// "failed: 12 http_status (404 ×10, 500 ×2), 3 connect_refused; hosts: a.org ×9"
std::string failures_line(const pipelines::FailureReport& failures, Colours colours) {
  if (failures.codes.empty()) return "";
  std::string text;
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < failures.codes.size(); ++i) {
    const auto& code = failures.codes[i];
    if (i >= kListed) {
      others += code.count;
      continue;
    }
    text += fmt::format("{} {} {}", i == 0 ? colours.bad("failed:") : ",", code.count, to_string(code.code));
    if (!code.statuses.empty()) text += " (" + times(code.statuses) + ")";
  }
  if (others > 0) text += fmt::format(", {} others", others);
  if (!failures.hosts.empty())
    text += "; hosts: " + text::escaped(times(failures.hosts, failures.other_hosts));
  return text + "\n";
}

std::string painted(const std::string& term, Outcome outcome, Colours colours) {
  if (outcome == Outcome::ok) return colours.good(term);
  return outcome == Outcome::failed ? colours.bad(term) : term;
}

// "given up, their other records were not tried: a.org ×40"
std::string given_up_line(std::vector<std::pair<std::string, std::uint64_t>> hosts) {
  if (hosts.empty()) return "";
  std::stable_sort(hosts.begin(), hosts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return "given up, their other records were not tried: " + text::escaped(times(hosts)) + "\n";
}

// What a command is told to change: `get` its own options, the others the arguments in their spec.
bool takes_options(std::string_view command) noexcept { return command == "get"; }

// Why files were not fetched.
std::string skipped_line(const pipelines::FailureReport& report, std::string_view command) {
  if (report.there_already == 0) return "";
  const bool is_one = report.there_already == 1;
  return fmt::format("skipped: {} {} there already ({} fetches {} again)\n", report.there_already,
                     is_one ? "file was" : "files were",
                     takes_options(command) ? "--on-exist overwrite" : "on-exist=overwrite of save",
                     is_one ? "it" : "them");
}

// What may help with the failures of a kind.
struct Advice {
  Errc code;
  const char* of_options;
  const char* of_arguments;
  bool can_be_of_job = true;  // whether the spec of a job may have that argument
};
constexpr std::array kAdvice{
    Advice{Errc::tls_untrusted, "--cacert FILE trusts another authority, -k any certificate",
           "cacert=FILE of fetch trusts another authority, insecure=true any certificate"},
    Advice{Errc::too_many_redirects, "-b '' keeps cookies on the way, which some redirects wait for",
           "cookie=\"\" of fetch keeps cookies on the way, which some redirects wait for", false},
    Advice{
        Errc::file_exists,
        "--on-exist rename numbers files of one name; --dedupe fetches a URL once that stands there twice",
        "on-exist=rename of save numbers files of one name; the stage dedupe drops a URL that stands there "
        "twice"},
    Advice{Errc::dns_failed, "is the name right? --resolve HOST:PORT:ADDR gives it an address",
           "is the name right? resolve=HOST:PORT:ADDR of fetch gives it an address"},
    Advice{Errc::connect_timeout, "is the port right? --connect-timeout T waits longer",
           "is the port right? connect-timeout=T of fetch waits longer"},
    Advice{Errc::timeout, "--timeout T and --stall T wait longer",
           "timeout=T and stall=T of fetch wait longer"},
    Advice{Errc::stalled, "--stall T waits longer for a body that has stopped to come",
           "stall=T of fetch waits longer for a body that has stopped to come"},
    Advice{Errc::host_down, "--host-down T waits longer for a host that does not answer",
           "host-down=T of fetch waits longer for a host that does not answer"},
    Advice{
        Errc::body_too_large, "--max-size SIZE allows larger bodies; -o saves them without a limit",
        "max-size=SIZE and body-limit=SIZE of fetch allow larger bodies; the stage save needs no body-limit"},
};

struct StatusAdvice {
  int status;
  const char* of_options;
  const char* of_arguments;
};
constexpr std::array kStatusAdvice{
    StatusAdvice{401, "-u USER:PASS or --oauth2-bearer TOKEN sends credentials",
                 "user=env:NAME or bearer=env:NAME of fetch sends credentials"},
    StatusAdvice{407, "-U USER:PASS sends credentials to the proxy",
                 "proxy-user=env:NAME of fetch sends credentials to the proxy"},
    StatusAdvice{429, "--per-host-rate R, as in --per-host-rate 2/s, asks less often",
                 "per-host-rate=R of fetch, as in per-host-rate=2/s, asks less often"},
};

std::string advice_lines(const pipelines::FailureReport& failures, std::string_view command, Kept kept) {
  const auto text_of = [&](const auto& advice) {
    return takes_options(command) ? advice.of_options : advice.of_arguments;
  };
  std::string text;
  for (const auto& code : failures.codes) {
    for (const auto& [status, count] : code.statuses) {
      const auto* const found =
          std::find_if(kStatusAdvice.begin(), kStatusAdvice.end(),
                       [wanted = status](const auto& row) { return row.status == wanted; });
      if (found != kStatusAdvice.end()) text += fmt::format("{}: {}\n", found->status, text_of(*found));
    }
  }
  for (const auto& advice : kAdvice) {
    const bool has_failed = std::any_of(failures.codes.begin(), failures.codes.end(),
                                        [&](const auto& code) { return code.code == advice.code; });
    if (has_failed && (advice.can_be_of_job || kept != Kept::in_job))
      text += fmt::format("{}: {}\n", to_string(advice.code), text_of(advice));
  }
  return text;
}

}  // namespace

std::string summary(const pipelines::RunStats& stats, async::Duration elapsed, std::string_view command,
                    Colours colours) {
  constexpr const char* kWords[pipelines::kOutcomes] = {"ok", "failed", "skipped", "not modified",
                                                        "cancelled"};
  std::string text = fmt::format("{} record{}: ", stats.records_in, stats.records_in == 1 ? "" : "s");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < pipelines::kOutcomes; ++i) {
    const auto term = fmt::format("{} {}", stats.outcomes[i], kWords[i]);
    text += (i == 0 ? "" : " + ") +
            (stats.outcomes[i] == 0 ? term : painted(term, static_cast<Outcome>(i), colours));
    sum += stats.outcomes[i];
  }
  text += fmt::format(" = {} in; ", sum);
  if (stats.done_before > 0) text += fmt::format("{} done before; ", stats.done_before);
  text += fmt::format("{} in {} ({})\n", text::format_bytes(static_cast<double>(stats.bytes)),
                      text::format_elapsed(elapsed), rate(stats.bytes, elapsed));
  return text + skipped_line(stats.failures, command) + failures_line(stats.failures, colours) +
         given_up_line(stats.given_up);
}

bool has_failed(const pipelines::RunStats& stats) noexcept {
  const auto count = [&](Outcome outcome) { return stats.outcomes[static_cast<std::size_t>(outcome)]; };
  return count(Outcome::failed) + count(Outcome::cancelled) > 0;
}

std::string failures_summary(const pipelines::RunStats& stats, Colours colours) {
  std::string text;
  for (const auto& line : stats.failures.first) text += text::escaped(line) + "\n";
  const auto failed = stats.outcomes[static_cast<std::size_t>(Outcome::failed)];
  if (failed > stats.failures.first.size())
    text += fmt::format("and {} more\n", failed - stats.failures.first.size());
  return text + failures_line(stats.failures, colours) + given_up_line(stats.given_up);
}

std::string next_step(const pipelines::RunStats& stats, std::string_view command,
                      const std::string& failed_path, Kept kept) {
  const auto count = [&](Outcome outcome) { return stats.outcomes[static_cast<std::size_t>(outcome)]; };
  const bool has_failures = count(Outcome::failed) > 0;
  std::string text = advice_lines(stats.failures, command, kept);
  if (stats.too_many_failed) text += "ended early: too many failures (--max-errors, --fail-fast)\n";
  if (kept != Kept::nowhere && count(Outcome::cancelled) > 0)
    text += "next: the same command goes on with what is left\n";
  if (kept == Kept::in_journal && has_failures)
    text += "next: the same command with --retry-failed does what failed again\n";
  if (kept == Kept::in_job && has_failures)
    text += "next: a job does each record once; give the failed ones to a job of their own\n";
  if (kept == Kept::nowhere && has_failures && !failed_path.empty()) {
    text += command == "get"
                ? "next: leat get -i " + text::in_quotes(failed_path, 400) +
                      ", with the same options, does what failed again\n"
                : "next: " + text::in_quotes(failed_path, 400) + " holds the input that failed\n";
  }
  return text;
}

}  // namespace leat::cli
