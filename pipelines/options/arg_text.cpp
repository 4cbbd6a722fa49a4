#include "pipelines/options/arg_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "engine/text/units.hpp"

namespace leat::pipelines {

namespace {

// All digits that it takes to read the same number again, and no exponent, which specs do not have.
std::string plain_number(double value) {
  std::string text = fmt::format("{:.25f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string rate_text(double rate) {
  constexpr std::array<std::pair<double, std::string_view>, 3> kPer{{{1, "s"}, {60, "min"}, {3600, "h"}}};
  for (const auto& [seconds, unit] : kPer) {
    const double count = std::round(rate * seconds);
    if (count >= 1 && count < 1e15 && count / seconds == rate) return fmt::format("{:.0f}/{}", count, unit);
  }
  return plain_number(rate) + "/s";
}

}  // namespace

ast::Value word_value(std::string text) {
  ast::Value value;
  value.text = std::move(text);
  return value;
}

ast::Value quoted_value(std::string text) {
  ast::Value value;
  value.kind = ast::ValueKind::quoted;
  value.text = std::move(text);
  return value;
}

ArgValues values_of(bool value) { return {word_value(value ? "true" : "false")}; }
ArgValues values_of(int value) { return {word_value(std::to_string(value))}; }
ArgValues values_of(std::uint64_t value) { return {word_value(std::to_string(value))}; }
ArgValues values_of(double value) {
  if (value <= 0) return {};
  return {word_value(rate_text(value))};
}
ArgValues values_of(async::Duration value) { return {word_value(text::format_duration(value))}; }

ArgValues values_of(const StatusSet& value) {
  std::string text;
  for (const auto& [first, last] : value.ranges) {
    if (!text.empty()) text += ',';
    const bool hundred = first % 100 == 0 && last == first + 99;
    text += hundred         ? fmt::format("{}xx", first / 100)
            : first == last ? std::to_string(first)
                            : fmt::format("{}-{}", first, last);
  }
  if (text.empty()) return {};
  return {word_value(std::move(text))};
}

ArgValues values_of(const std::string& value) {
  if (value.empty()) return {};
  return {quoted_value(value)};
}
ArgValues values_of(const std::optional<std::string>& value) {
  if (!value) return {};
  return {quoted_value(*value)};
}
ArgValues values_of(const std::vector<std::string>& value) {
  ArgValues values;
  for (const auto& text : value) values.push_back(quoted_value(text));
  return values;
}

}  // namespace leat::pipelines
