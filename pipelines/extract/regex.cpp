#include "pipelines/extract/regex.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::int64_t kMaxMemory = 16 << 20;  // of one compiled expression

re2::RE2::Options options() {
  re2::RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(kMaxMemory);
  return made;
}

// RE2 says which piece is wrong, but not where it stands. For a missing parenthesis it names the whole
// pattern.
std::size_t place_of(const re2::RE2& regex) {
  const std::string& pattern = regex.pattern();
  const std::string& piece = regex.error_arg();
  if (regex.error_code() == re2::RE2::ErrorMissingBracket) return pattern.rfind(piece) % (pattern.size() + 1);
  const auto at = pattern.find(piece);
  return at == std::string::npos ? 0 : at;
}

}  // namespace

Regex::Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Compiled<Regex> Regex::compile(const std::string& pattern) {
  if (const std::size_t valid = text::valid_utf8_prefix(pattern); valid < pattern.size()) {
    return TextFault{valid, "is not UTF-8"};
  }
  Regex made;
  made.regex_ = std::make_unique<re2::RE2>(pattern, options());
  if (!made.regex_->ok())
    return TextFault{place_of(*made.regex_), text::printable(made.regex_->error(), 200)};
  for (const auto& [group, name] : made.regex_->CapturingGroupNames()) {
    made.names_.push_back(name);
    made.groups_.push_back(static_cast<std::size_t>(group));
  }
  if (made.names_.empty()) made.groups_ = {made.regex_->NumberOfCapturingGroups() > 0 ? 1u : 0u};
  return made;
}

void Regex::for_each_match(std::string_view utf8, const std::function<void(const Groups&)>& found) const {
  if (utf8.empty()) utf8 = "";  // a group that takes part has a place
  const re2::StringPiece text(utf8.data(), utf8.size());
  std::vector<re2::StringPiece> pieces(*std::max_element(groups_.begin(), groups_.end()) + 1);
  Groups groups(groups_.size());
  std::size_t at = 0;
  while (at <= utf8.size() && regex_->Match(text, at, utf8.size(), re2::RE2::UNANCHORED, pieces.data(),
                                            static_cast<int>(pieces.size()))) {
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const re2::StringPiece& piece = pieces[groups_[i]];
      groups[i].reset();
      if (piece.data() != nullptr) groups[i].emplace(piece.data(), piece.size());
    }
    found(groups);
    const re2::StringPiece& whole = pieces[0];
    const auto end = static_cast<std::size_t>(whole.data() - utf8.data()) + whole.size();
    at = end;
    if (whole.empty()) at += std::max<std::size_t>(text::character_length(utf8.substr(end)), 1);
  }
}

std::optional<TextFault> check_regex(const std::string& pattern) {
  auto compiled = Regex::compile(pattern);
  if (auto* fault = std::get_if<TextFault>(&compiled)) return std::move(*fault);
  return std::nullopt;
}

}  // namespace leat::pipelines
