#include "engine/http/gate/retry_on.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

// A server or the network may do these differently the next time. The others are the user's own fault or this
// machine's.
constexpr std::array kCodes{Errc::dns_failed,       Errc::dns_timeout,
                            Errc::connect_refused,  Errc::connect_timeout,
                            Errc::connect_failed,   Errc::tls_failed,
                            Errc::tls_untrusted,    Errc::timeout,
                            Errc::stalled,          Errc::reset,
                            Errc::truncated,        Errc::bad_response,
                            Errc::redirect_refused, Errc::too_many_redirects,
                            Errc::header_too_large, Errc::checksum_mismatch,
                            Errc::range_mismatch};

// Reads "404" or "4xx".
std::optional<std::pair<int, int>> statuses_of(std::string_view word) noexcept {
  if (word.size() != 3 || !text::is_digit(word[0]) || word[0] < '1') return std::nullopt;
  const int first = (word[0] - '0') * 100;
  if ((word[1] == 'x' || word[1] == 'X') && word[2] == word[1]) return std::pair(first, first + 99);
  if (!text::is_digit(word[1]) || !text::is_digit(word[2])) return std::nullopt;
  const int status = first + (word[1] - '0') * 10 + (word[2] - '0');
  return std::pair(status, status);
}

bool may_change(Errc code) noexcept { return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end(); }

Error not_known(std::string_view word) {
  return Error(Errc::bad_input,
               "\"" + std::string(word) +
                   "\" is no failure that another attempt may change; takes statuses (404), classes "
                   "of them (4xx), error codes (truncated, bad_response, …) and all");
}

bool take(std::string_view word, RetryOn& on) {
  if (word == "all") {
    on.all = true;
  } else if (const auto range = statuses_of(word)) {
    on.statuses.push_back(*range);
  } else if (const auto code = errc_named(word); code && may_change(*code)) {
    on.codes.push_back(*code);
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool RetryOn::has_status(int status) const noexcept {
  if (all && status >= 400) return true;
  return std::any_of(statuses.begin(), statuses.end(),
                     [status](const auto& range) { return range.first <= status && status <= range.second; });
}

bool RetryOn::has_code(Errc code) const noexcept {
  if (all && may_change(code)) return true;
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Result<RetryOn> parse_retry_on(std::string_view list) {
  RetryOn on;
  if (list.empty()) return on;
  for (const auto piece : text::split(list, ',')) {
    const auto word = text::trimmed(piece);
    if (!take(word, on)) return not_known(word);
  }
  return on;
}

}  // namespace leat::http
