#include "engine/http/message/hidden_userinfo.hpp"

#include <algorithm>
#include <cstddef>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::http {

namespace {

constexpr std::string_view kBefore = "://";

bool is_of_scheme(char c) noexcept {
  return text::is_letter(c) || text::is_digit(c) || c == '+' || c == '-' || c == '.';
}

// Gives how many backslashes stand before the quote behind which the URL begins: none in "http://a.org", one
// in "{\"url\":\"http://a.org\"}". None as well if the URL does not begin behind a quote.
std::size_t opening_backslashes(std::string_view before) noexcept {
  while (!before.empty() && is_of_scheme(before.back())) before.remove_suffix(1);
  if (before.empty() || before.back() != '"') return 0;
  before.remove_suffix(1);
  const auto last_other = before.find_last_not_of('\\');
  return before.size() - (last_other == before.npos ? 0 : last_other + 1);
}

// Whether a quote behind so many backslashes ends the text that was opened by a quote behind `opening` of
// them, or ends a text around that one: each text within a text doubles the backslashes and adds one to a
// quote.
bool is_closing(std::size_t backslashes, std::size_t opening) noexcept {
  for (std::size_t unit = 1; unit <= opening + 1; unit *= 2) {
    if (backslashes % (2 * unit) == unit - 1) return true;
  }
  return false;
}

// An escaped quote stands for one sign of a password, unless the URL began behind such a quote itself. \( is
// where a jq program puts a value in.
std::size_t authority_size(std::string_view text, std::size_t opening) noexcept {
  constexpr std::string_view kEnds = "/?# \t\r\n";
  std::size_t size = 0;
  while (size < text.size() && kEnds.find(text[size]) == kEnds.npos) {
    const auto behind = std::min(text.find_first_not_of('\\', size), text.size());
    const auto backslashes = behind - size;
    const auto sign = text.substr(behind, 1);
    if (sign == "\"" && is_closing(backslashes, opening)) break;
    if (sign == "(" && backslashes % 2 == 1) break;
    size = sign == "\"" || backslashes == 0 ? behind + 1 : behind;
  }
  return size;
}

}  // namespace

std::string with_hidden_userinfo(std::string_view text) {
  std::string shown;
  std::size_t done = 0;
  for (auto at = text.find(kBefore); at != text.npos; at = text.find(kBefore, at)) {
    const auto opening = opening_backslashes(text.substr(0, at));
    at += kBefore.size();
    const auto authority = text.substr(at, authority_size(text.substr(at), opening));
    const auto end = authority.rfind('@');
    if (end == text.npos) continue;
    shown.append(text.substr(done, at - done));
    shown.append(text::count_characters(authority.substr(0, end)), '*');
    done = at += end;
  }
  return shown.append(text.substr(done));
}

}  // namespace leat::http
