#include "cli/options/words.hpp"

#include <optional>

namespace leat::cli {

namespace {

class Splitter {
 public:
  explicit Splitter(std::string_view text) noexcept : rest_(text) {}

  Result<std::vector<std::string>> run() {
    while (!rest_.empty()) {
      if (auto error = take()) return std::move(*error);
    }
    end_word();
    if (words_.empty()) return Error(Errc::bad_input, "a command is missing");
    return std::move(words_);
  }

 private:
  Status take() {
    switch (const char c = next()) {
      case ' ':
      case '\t':
      case '\n':
        end_word();
        return std::nullopt;
      case '\'':
        return take_single();
      case '"':
        return take_double();
      case '\\':
        if (rest_.empty()) return Error(Errc::bad_input, "there is no character after the last backslash");
        if (const char quoted = next(); quoted != '\n') put(quoted);
        return std::nullopt;
      default:
        put(c);
        return std::nullopt;
    }
  }

  Status take_single() {
    const auto end = rest_.find('\'');
    if (end == rest_.npos) return Error(Errc::bad_input, "a ' is not closed");
    open().append(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return std::nullopt;
  }

  Status take_double() {
    open();
    while (!rest_.empty()) {
      const char c = next();
      if (c == '"') return std::nullopt;
      constexpr std::string_view kQuotable = "\"\\$`\n";
      if (c != '\\' || rest_.empty() || kQuotable.find(rest_.front()) == kQuotable.npos) {
        put(c);
      } else if (const char quoted = next(); quoted != '\n') {
        put(quoted);
      }
    }
    return Error(Errc::bad_input, "a \" is not closed");
  }

  char next() noexcept {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  std::string& open() { return word_ ? *word_ : word_.emplace(); }
  void put(char c) { open() += c; }
  void end_word() {
    if (word_) words_.push_back(std::move(*word_));
    word_.reset();
  }

  std::string_view rest_;
  std::optional<std::string> word_;
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view command) { return Splitter(command).run(); }

}  // namespace leat::cli
