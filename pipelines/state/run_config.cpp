#include "pipelines/state/run_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

// The differing part of a text is quoted as a whole up to this length.
constexpr std::size_t kQuoted = 60;

const std::string* find(const JournalConfig& config, std::string_view name) {
  const auto at =
      std::find_if(config.begin(), config.end(), [name](const auto& e) { return e.first == name; });
  return at == config.end() ? nullptr : &at->second;
}

// The rest of the line, from the word in which it differs.
std::string in_quotes(std::string_view text, std::size_t difference) {
  const std::size_t blank = text.substr(0, difference).find_last_of(" \n");
  text.remove_prefix(blank == std::string_view::npos ? 0 : blank + 1);
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.empty()) return "nothing";
  return fmt::format("\"{}{}\"", text::printable(line, kQuoted), line.size() > kQuoted ? "…" : "");
}

std::string difference(std::string_view name, const std::string* theirs, const std::string* ours) {
  const std::string_view a = theirs == nullptr ? std::string_view() : *theirs;
  const std::string_view b = ours == nullptr ? std::string_view() : *ours;
  const auto at =
      static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  return fmt::format("{} was {}, now it is {}", name, in_quotes(a, at), in_quotes(b, at));
}

}  // namespace

std::string first_difference(const JournalConfig& theirs, const JournalConfig& ours) {
  for (const auto& [name, value] : ours) {
    const std::string* other = find(theirs, name);
    if (other == nullptr || *other != value) return difference(name, other, &value);
  }
  for (const auto& [name, value] : theirs) {
    if (find(ours, name) == nullptr) return difference(name, &value, nullptr);
  }
  return {};
}

}  // namespace leat::pipelines
