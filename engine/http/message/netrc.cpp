#include "engine/http/message/netrc.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

/// Gives the words of a text, line by line.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : rest_(text) {}

  bool next(std::string& word) {
    word.clear();
    for (;;) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(text::kBlanksAndLineEnds), rest_.size()));
      if (rest_.empty()) return false;
      if (rest_.front() != '#') break;
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
    if (rest_.front() == '"') return take_quoted(word);
    word = rest_.substr(0, rest_.find_first_of(text::kBlanksAndLineEnds));
    rest_.remove_prefix(word.size());
    return true;
  }
  /// A macro ends with an empty line.
  void pass_macro() noexcept {
    const auto end = rest_.find("\n\n");
    const auto crlf = rest_.find("\n\r\n");
    rest_.remove_prefix(std::min({end, crlf, rest_.size()}));
  }

 private:
  bool take_quoted(std::string& word) {
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      char c = rest_[at];
      if (c == '"') {
        rest_.remove_prefix(at + 1);
        return true;
      }
      if (c == '\\' && at + 1 < rest_.size()) {
        c = rest_[++at];
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      }
      word += c;
    }
    rest_ = {};
    return false;
  }

  std::string_view rest_;
};

std::string home_file() {
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.netrc" : std::string();
}

}  // namespace

Netrc::Netrc(std::string_view text) {
  Words words(text);
  std::string word;
  std::string value;
  while (words.next(word)) {
    if (text::equal_ignoring_case(word, "default")) {
      entries_.emplace_back();
    } else if (text::equal_ignoring_case(word, "macdef")) {
      words.pass_macro();
    } else if (!words.next(value)) {
      break;
    } else if (text::equal_ignoring_case(word, "machine")) {
      entries_.emplace_back().host = value;
    } else if (entries_.empty()) {
      continue;
    } else if (text::equal_ignoring_case(word, "login")) {
      entries_.back().user = value;
    } else if (text::equal_ignoring_case(word, "password")) {
      entries_.back().password = value;
    }
  }
}

Netrc Netrc::read(std::string file) {
  if (file.empty()) file = home_file();
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return Netrc(text);
}

std::optional<Netrc::Login> Netrc::find(std::string_view host, std::string_view user) const {
  for (const auto& entry : entries_) {
    const bool is_host = entry.host.empty() || text::equal_ignoring_case(entry.host, host);
    if (!is_host) continue;
    if (user.empty()) return Login{entry.user, entry.password};
    if (entry.user.empty() || entry.user == user) return Login{std::string(user), entry.password};
  }
  return std::nullopt;
}

}  // namespace leat::http
