#include "pipelines/record/failure_tally.hpp"

#include <algorithm>
#include <string_view>

#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

namespace {

// "a.org", or "a.org:8080" if the port is not the usual one of the scheme.
std::string host_of(const std::string& text) {
  if (text.empty() || http::check_url(text)) return "";
  const auto url = http::parse_url(text);
  if (!url) return "";
  const bool usual = url.value().port == (url.value().scheme == "https" ? "443" : "80");
  return usual ? url.value().host : url.value().host + ":" + url.value().port;
}

template <class Rows>
void most_first(Rows& rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
}

std::string line_of(const Record& record) {
  constexpr std::size_t kMostShown = 300;
  const std::string& url = record.request.url.empty() ? record.input : record.request.url.text();
  std::string line = http::shown_url(url, kMostShown) + ": " + std::string(to_string(record.error->code));
  return line + ": " + text::printable(record.error->message, kMostShown);
}

}  // namespace

FailureTally::Note FailureTally::note(const Record& record) {
  Note note;
  if (record.outcome == Outcome::skipped && !record.error && !record.filename.empty()) ++there_already_;
  if (record.outcome != Outcome::failed || !record.error || !record.ticket.held()) return note;
  note.code = record.error->code;
  note.status = note.code == Errc::http_status ? record.error->http_status : 0;
  note.host = number_of(record.request.url.text());
  note.counts = true;
  if (first_.size() < kFirstFailures) first_.push_back(line_of(record));
  if (++noted_ == limit_) then_();
  return note;
}

std::uint32_t FailureTally::number_of(const std::string& url) {
  std::string host = host_of(url);
  if (host.empty()) return kNoHost;
  if (const auto found = numbers_.find(host); found != numbers_.end()) return found->second;
  if (numbers_.size() >= kHosts) return kOther;
  const auto number = static_cast<std::uint32_t>(counts_.size());
  counts_.push_back(0);
  numbers_.emplace(std::move(host), number);
  return number;
}

void FailureTally::add(const Note& note) {
  if (!note.counts) return;
  ++codes_[{note.code, note.status}];
  ++counts_[note.host];
}

FailureReport FailureTally::report() const {
  FailureReport report;
  report.first = first_;
  report.there_already = there_already_;
  for (const auto& [key, count] : codes_) {  // a code's statuses are neighbours
    if (report.codes.empty() || report.codes.back().code != key.first) {
      report.codes.push_back({key.first, 0, {}});
    }
    report.codes.back().count += count;
    if (key.second != 0) report.codes.back().statuses.emplace_back(key.second, count);
  }
  for (auto& code : report.codes) most_first(code.statuses);
  std::sort(report.codes.begin(), report.codes.end(), [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : to_string(a.code) < to_string(b.code);
  });
  for (const auto& [host, number] : numbers_) {
    if (counts_[number] > 0) report.hosts.emplace_back(host, counts_[number]);
  }
  most_first(report.hosts);
  report.other_hosts = counts_[kOther];
  for (std::size_t i = kShown; i < report.hosts.size(); ++i) report.other_hosts += report.hosts[i].second;
  report.hosts.resize(std::min(report.hosts.size(), kShown));
  return report;
}

}  // namespace leat::pipelines
