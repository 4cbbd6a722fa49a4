#include "engine/http/message/netrc.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::http {

namespace {

struct Word {
  std::string text;
  std::size_t line = 0;  // where it begins
  bool is_quoted = false;
};

/// Gives the words of a text, line by line.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : rest_(text) {}

  /// Gives false at the end of the text.
  bool next(Word& word) {
    word = Word();
    for (;;) {
      skip(std::min(rest_.find_first_not_of(text::kBlanksAndLineEnds), rest_.size()));
      if (rest_.empty()) return false;
      if (rest_.front() != '#') break;
      skip(std::min(rest_.find('\n'), rest_.size()));
    }
    word.line = line_;
    word.is_quoted = rest_.front() == '"';
    if (word.is_quoted) {
      take_quoted(word.text);
    } else {
      word.text = rest_.substr(0, rest_.find_first_of(text::kBlanksAndLineEnds));
      skip(word.text.size());
    }
    return true;
  }
  /// A macro ends with an empty line.
  void pass_macro() noexcept { skip(std::min({rest_.find("\n\n"), rest_.find("\n\r\n"), rest_.size()})); }

  /// Says whether a quoted word had no end in its line. As in curl, no word goes on in the next one.
  [[nodiscard]] bool has_open_quote() const noexcept { return has_open_quote_; }

 private:
  void skip(std::size_t count) noexcept {
    const auto skipped = rest_.substr(0, count);
    line_ += static_cast<std::size_t>(std::count(skipped.begin(), skipped.end(), '\n'));
    rest_.remove_prefix(count);
  }

  void take_quoted(std::string& word) {
    for (std::size_t at = 1; at < rest_.size() && rest_[at] != '\n'; ++at) {
      char c = rest_[at];
      if (c == '"') return skip(at + 1);
      if (c == '\\' && at + 1 < rest_.size() && rest_[at + 1] != '\n') {
        c = rest_[++at];
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      }
      word += c;
    }
    has_open_quote_ = true;
    skip(rest_.size());
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  bool has_open_quote_ = false;
};

enum class Key : std::uint8_t { none, machine, any, login, password, macro, passed_over };

struct KeyName {
  std::string_view name;
  Key key;
};
// "port" is what programs for mail write there.
constexpr std::array kKeys{
    KeyName{"machine", Key::machine},     KeyName{"default", Key::any},
    KeyName{"login", Key::login},         KeyName{"password", Key::password},
    KeyName{"account", Key::passed_over}, KeyName{"port", Key::passed_over},
    KeyName{"macdef", Key::macro},
};

Key key_of(const Word& word) {
  const auto found = std::find_if(kKeys.begin(), kKeys.end(), [&](const KeyName& row) {
    return text::equal_ignoring_case(row.name, word.text);
  });
  return found == kKeys.end() ? Key::none : found->key;
}

// No word of the file is shown but its keys, since any other may be a part of a password.
Error fault_at(const Word& word, const std::string& why) {
  return Error(Errc::bad_input, "line " + std::to_string(word.line) + ": " + why);
}

Error open_quote(const Word& word) {
  return fault_at(word, "a quote is not closed in its line; a quote within a word is written \\\"");
}

// The value may stand in the next line, but then it is hardly the name of the next key.
Status take_value(Words& words, const Word& key, std::string& value) {
  Word word;
  const bool is_there = words.next(word);
  if (words.has_open_quote()) return open_quote(word);
  const bool is_next_key = is_there && !word.is_quoted && word.line != key.line && key_of(word) != Key::none;
  if (!is_there || is_next_key) {
    return fault_at(key, "\"" + text::to_lower(key.text) +
                             "\" has no value; one that is empty or begins with # stands in double quotes");
  }
  value = std::move(word.text);
  return std::nullopt;
}

}  // namespace

Result<Netrc> Netrc::parse(std::string_view text) {
  Netrc made;
  Words words(text::without_byte_order_mark(text));
  for (Word word; words.next(word);) {
    const Key key = key_of(word);
    if (words.has_open_quote()) return open_quote(word);
    if (key == Key::none) {
      return fault_at(word,
                      "a word that is none of machine, default, login, password, account, port and macdef; a "
                      "password with a blank stands in double quotes");
    }
    if (key == Key::any) {
      made.entries_.emplace_back();
      continue;
    }
    std::string value;
    if (auto wrong = take_value(words, word, value)) return std::move(*wrong);
    if (key == Key::macro) {
      words.pass_macro();
    } else if (key == Key::machine) {
      if (value.empty()) return fault_at(word, "\"machine\" has an empty name");
      made.entries_.emplace_back().host = value;
    } else if (made.entries_.empty()) {
      return fault_at(word, "\"" + text::to_lower(word.text) + "\" stands before the first machine");
    } else if (key == Key::login) {
      made.entries_.back().user = value;
    } else if (key == Key::password) {
      made.entries_.back().password = value;
    }
  }
  return made;
}

Result<Netrc> Netrc::read(std::string file) {
  if (file.empty()) file = usual_file();
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  auto made = parse(text);
  if (!made) made.error().message.insert(0, file + ": ");
  return made;
}

std::string Netrc::usual_file() {
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.netrc" : std::string();
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
