#include "pipelines/options/url_pattern.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"

namespace leat::pipelines {

namespace {

bool is_letter(std::string_view text) noexcept { return text.size() == 1 && text::is_letter(text[0]); }

}  // namespace

class UrlPattern::Parser {
 public:
  explicit Parser(std::string_view text) noexcept : text_(text) {}

  std::optional<TextFault> parse(std::vector<Part>& parts) {
    while (at_ < text_.size() && !fault_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size() && kSpecial.find(text_[at_ + 1]) != kSpecial.npos) {
        literal_ += text_[at_ + 1];
        at_ += 2;
      } else if (c == '{') {
        end_literal(parts);
        choices(parts);
      } else if (c == '[') {
        range(parts);
      } else if (c == '}') {
        fail(at_, "'}' without a '{'; a brace itself is written '\\}'");
      } else {
        literal_ += c;
        ++at_;
      }
    }
    end_literal(parts);
    return std::move(fault_);
  }

 private:
  static constexpr std::string_view kSpecial = "{}[],\\";

  void fail(std::size_t at, std::string message) { fault_ = TextFault{at, std::move(message)}; }

  void end_literal(std::vector<Part>& parts) {
    if (literal_.empty()) return;
    Part part;
    part.choices.push_back(std::exchange(literal_, {}));
    parts.push_back(std::move(part));
  }

  void choices(std::vector<Part>& parts) {
    const std::size_t start = at_++;
    Part part;
    part.is_set = true;
    part.choices.emplace_back();
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '}') {
        ++at_;
        parts.push_back(std::move(part));
        return;
      }
      if (c == '{' || c == '[') return fail(at_, "sets can't be nested");
      if (c == ',') {
        part.choices.emplace_back();
      } else {
        if (c == '\\' && at_ + 1 < text_.size()) ++at_;
        part.choices.back() += text_[at_];
      }
    }
    fail(start, "'{' without a '}'; a brace itself is written '\\{'");
  }

  // What has no '-' between its brackets, such as an IPv6 address, is no range.
  void range(std::vector<Part>& parts) {
    const std::size_t close = text_.find(']', at_);
    const auto inside = close == std::string_view::npos ? text_ : text_.substr(at_ + 1, close - at_ - 1);
    if (close == std::string_view::npos || inside.find('-') == std::string_view::npos) {
      literal_ += text_[at_++];
      return;
    }
    end_literal(parts);
    const auto colon = inside.find(':');
    const auto dash = inside.find('-');
    const auto from = inside.substr(0, dash);
    const auto to = inside.substr(dash + 1, colon == std::string_view::npos ? colon : colon - dash - 1);
    const auto step = colon == std::string_view::npos
                          ? std::optional<std::uint64_t>(1)
                          : text::parse_number<std::uint64_t>(inside.substr(colon + 1));
    Part part;
    if (!step || *step == 0) return fail(at_, "the step of a range is a whole number of at least 1");
    if (!set_ends(part, from, to)) {
      return fail(at_, "a range is [1-100], [001-100] or [a-z], with a step [1-100:10]");
    }
    part.step = *step;
    part.count = part.count / *step + 1;
    parts.push_back(std::move(part));
    at_ = close + 1;
  }

  // `count` is the distance between the two ends.
  static bool set_ends(Part& part, std::string_view from, std::string_view to) {
    part.is_range = true;
    std::uint64_t last = 0;
    if (is_letter(from) && is_letter(to)) {
      part.letters = true;
      part.first = static_cast<unsigned char>(from[0]);
      last = static_cast<unsigned char>(to[0]);
    } else {
      const auto first = text::parse_number<std::uint64_t>(from);
      const auto end = text::parse_number<std::uint64_t>(to);
      if (!first || !end) return false;
      part.first = *first;
      last = *end;
      if (from.size() > 1 && from.front() == '0') part.width = from.size();
    }
    part.down = last < part.first;
    part.count = part.down ? part.first - last : last - part.first;
    return part.count < std::numeric_limits<std::uint64_t>::max();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string literal_;
  std::optional<TextFault> fault_;
};

std::string UrlPattern::Part::at(std::uint64_t i) const {
  if (!is_range) return choices[i];
  const std::uint64_t value = down ? first - i * step : first + i * step;
  if (letters) return std::string(1, static_cast<char>(value));
  std::string digits = std::to_string(value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

Compiled<UrlPattern> UrlPattern::compile(std::string_view text) {
  UrlPattern pattern;
  if (auto fault = Parser(text).parse(pattern.parts_)) return std::move(*fault);
  return pattern;
}

std::uint64_t UrlPattern::size() const noexcept {
  std::uint64_t size = 1;
  for (const auto& part : parts_) {
    if (__builtin_mul_overflow(size, part.size(), &size)) return std::numeric_limits<std::uint64_t>::max();
  }
  return size;
}

std::vector<std::string> UrlPattern::texts_at(std::uint64_t i) const {
  std::vector<std::string> chosen(parts_.size());
  for (std::size_t p = parts_.size(); p-- > 0;) {
    chosen[p] = parts_[p].at(i % parts_[p].size());
    i /= parts_[p].size();
  }
  return chosen;
}

std::string UrlPattern::at(std::uint64_t i) const {
  std::string url;
  for (const auto& text : texts_at(i)) url += text;
  return url;
}

std::vector<std::string> UrlPattern::choices_at(std::uint64_t i) const {
  auto chosen = texts_at(i);
  std::vector<std::string> choices;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    if (!parts_[p].is_literal()) choices.push_back(std::move(chosen[p]));
  }
  return choices;
}

}  // namespace leat::pipelines
