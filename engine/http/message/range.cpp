#include "engine/http/message/range.hpp"

#include <fmt/format.h>
#include <charconv>

#include "engine/http/message/http_date.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

constexpr std::time_t kSettled = 2;  // in seconds; dates have a precision of one second

// Gives a validator, which comes back in a later request, so one with a control character in it doesn't
// count.
std::string text_of(const ResponseHead& head, std::string_view name) {
  const auto value = head.headers.find(name).value_or(std::string_view());
  return text::has_control(value) ? std::string() : std::string(value);
}

bool is_encoded(const ResponseHead& head) {
  const auto coding = head.headers.find("content-encoding");
  return coding && !coding->empty() && *coding != "identity";
}

bool is_strong(std::string_view etag) noexcept {
  return etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
}

// Takes a number off the front of the text.
bool take(std::string_view& text, std::uint64_t& value) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char wanted) noexcept {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

// What can be compared must be the same. If-Range has answered for what the answer leaves out.
bool is_same_version(const RangeRequest& asked, const ResponseHead& head) {
  if (asked.condition.empty()) return true;
  const auto field = head.headers.find(is_strong(asked.condition) ? "etag" : "last-modified");
  return !field || *field == asked.condition;
}

// Two fields that differ count as none, because nobody knows which of them the body is.
std::optional<ContentRange> range_of(const ResponseHead& head) {
  const auto first = head.headers.find("content-range");
  bool one = first.has_value();
  head.headers.for_each([&](std::string_view name, std::string_view value) {
    if (text::equal_ignoring_case(name, "content-range")) one = one && value == *first;
  });
  return one ? parse_content_range(*first) : std::nullopt;
}

bool is_part(const RangeRequest& asked, const ResponseHead& head) {
  const auto range = range_of(head);
  if (!range || range->is_unsatisfied() || range->first != asked.first) return false;
  if (asked.last && range->last > *asked.last) return false;
  if (asked.total && range->total && *asked.total != *range->total) return false;
  if (asked.total && range->last >= *asked.total) return false;
  return !is_encoded(head) && is_same_version(asked, head);
}

bool is_complete(const RangeRequest& asked, const ResponseHead& head) {
  const auto range = range_of(head);
  if (!range || !range->is_unsatisfied() || range->total != asked.first) return false;
  if (asked.total && *asked.total != asked.first) return false;
  return is_same_version(asked, head);
}

}  // namespace

Validators validators_of(const ResponseHead& head) {
  return {text_of(head, "etag"), text_of(head, "last-modified")};
}

std::string range_condition(const ResponseHead& head) {
  Validators version = validators_of(head);
  if ((version.etag.empty() && version.last_modified.empty()) || is_encoded(head)) return {};
  if (!version.etag.empty()) return is_strong(version.etag) ? std::move(version.etag) : std::string();
  const auto modified = parse_http_date(version.last_modified);
  if (!modified) return {};
  const auto sent = head.headers.find("date");
  const auto date = sent ? parse_http_date(*sent) : std::nullopt;
  if (date && *date - *modified < kSettled) return {};
  return std::move(version.last_modified);
}

std::string RangeRequest::text() const {
  return last ? fmt::format("bytes={}-{}", first, *last) : fmt::format("bytes={}-", first);
}

std::vector<std::string> condition_fields(const RangeRequest* part, const Validators* known) {
  std::vector<std::string> fields;
  if (part != nullptr) fields.push_back("Range: " + part->text());
  if (part != nullptr && !part->condition.empty()) fields.push_back("If-Range: " + part->condition);
  if (known != nullptr && !known->etag.empty() && !text::has_control(known->etag))
    fields.push_back("If-None-Match: " + known->etag);
  if (known != nullptr && !known->last_modified.empty()) {
    fields.push_back("If-Modified-Since: " + known->last_modified);
  }
  return fields;
}

std::optional<ContentRange> parse_content_range(std::string_view text) noexcept {
  constexpr std::string_view kUnit = "bytes ";
  if (!text::starts_with_ignoring_case(text, kUnit)) return {};
  text.remove_prefix(kUnit.size());
  ContentRange range;
  const bool unsatisfied = take(text, '*');
  if (!unsatisfied &&
      (!take(text, range.first) || !take(text, '-') || !take(text, range.last) || range.is_unsatisfied())) {
    return {};
  }
  if (!take(text, '/')) return {};
  if (!unsatisfied && text == "*") return range;
  if (!take(text, range.total.emplace()) || !text.empty()) return {};
  if (!unsatisfied && range.last >= *range.total) return {};
  return range;
}

RangeAnswer judge(const RangeRequest& asked, const ResponseHead& head) {
  if (head.status == 206) return is_part(asked, head) ? RangeAnswer::part : RangeAnswer::mismatch;
  if (head.status == 416) return is_complete(asked, head) ? RangeAnswer::complete : RangeAnswer::mismatch;
  return head.status >= 200 && head.status < 300 ? RangeAnswer::whole : RangeAnswer::other;
}

Error mismatch_error(const RangeRequest& asked, const ResponseHead& head) {
  const auto field = head.headers.find("content-range");
  Error error(Errc::range_mismatch,
              fmt::format("asked for {}, the answer is {} with {}", asked.text(), head.status,
                          field ? "Content-Range: " + std::string(*field) : "no Content-Range"));
  error.http_status = head.status;
  return error;
}

}  // namespace leat::http
