#include "pipelines/spec/arg_type.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/text/list_pieces.hpp"
#include "engine/text/number.hpp"
#include "engine/text/units.hpp"

namespace leat::pipelines {

namespace {

using Read = std::optional<BoundValue>;  // nothing if it is not of that type or out of range

template <class T>
Read made(T value) {
  BoundValue bound;
  bound.value = std::move(value);
  return bound;
}

Read read_flag(const ArgRow&, const std::string& text) {
  if (text != "true" && text != "false") return std::nullopt;
  return made(text == "true");
}

Read read_word(const ArgRow&, const std::string&) { return std::nullopt; }  // it is none of the choices

Read read_text(const ArgRow&, const std::string& text) { return made(text); }

Read read_some_text(const ArgRow&, const std::string& text) {
  if (text.empty()) return std::nullopt;
  return made(text);
}

Read read_program(const ArgRow&, const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
  return made(text);
}

// The name is a token of RFC 9110. As in curl, `Name;` stands for an empty value and `Name:` for no header at
// all.
Read read_header(const ArgRow&, const std::string& text) {
  constexpr std::string_view kToken =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const auto end = text.find_first_not_of(kToken);
  if (end == 0 || end == std::string::npos || (text[end] != ':' && text[end] != ';')) return std::nullopt;
  if (text.find_first_of("\r\n") != std::string::npos) return std::nullopt;
  return made(text);
}

Read read_list(const ArgRow&, const std::string& text) {
  std::vector<std::string> parts;
  for (const auto piece : text::list_pieces(text)) {
    if (piece.empty()) return std::nullopt;
    parts.emplace_back(piece);
  }
  return made(std::move(parts));
}

Read within(const ArgRow& row, std::optional<std::uint64_t> number) {
  if (!number || *number < row.least || *number > row.most) return std::nullopt;
  return made(*number);
}

Read read_count(const ArgRow& row, const std::string& text) {
  const auto number = text::parse_count(text, row.least, row.most);
  if (!number) return std::nullopt;
  return made(*number);
}

Read read_fraction(const ArgRow&, const std::string& text) {
  std::string_view digits = text;
  const bool percent = digits.ends_with('%');
  if (percent) digits.remove_suffix(1);
  const bool plain = !digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos;
  const auto number = text::parse_number<double>(digits);
  if (!plain || !number) return std::nullopt;
  const double share = percent ? *number / 100 : *number;
  if (share > 1) return std::nullopt;
  return made(share);
}

Read read_size(const ArgRow& row, const std::string& text) { return within(row, text::parse_size(text)); }

Read read_duration(const ArgRow& row, const std::string& text) {
  const auto time = text::parse_duration(text);
  if (!time) return std::nullopt;
  return within(row, static_cast<std::uint64_t>(time->count()));
}

Read read_rate(const ArgRow&, const std::string& text) {
  const auto rate = text::parse_rate(text);
  if (!rate) return std::nullopt;
  return made(*rate);
}

// Reads 404, 4xx or 500-504.
std::optional<StatusRange> status_range(std::string_view text) {
  const auto number = [](std::string_view digits) { return text::parse_count(digits, 100, 999); };
  if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '9') {
    const int hundred = (text[0] - '0') * 100;
    return StatusRange{hundred, hundred + 99};
  }
  const auto dash = text.find('-');
  const auto first = number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return StatusRange{static_cast<int>(*first), static_cast<int>(*last)};
}

Read read_statuses(const ArgRow&, const std::string& text) {
  std::vector<StatusRange> ranges;
  for (const auto piece : text::list_pieces(text)) {
    const auto range = status_range(piece);
    if (!range) return std::nullopt;
    ranges.push_back(*range);
  }
  return made(std::move(ranges));
}

Read read_template(const ArgRow& row, const std::string& text) {
  if (!row.choices.empty() && text.empty()) return std::nullopt;
  return made(text);
}

struct TypeRow {
  Read (*read)(const ArgRow& row, const std::string& text);
  std::string_view takes;
};

// These are in the order of ArgType.
constexpr std::array kTypes{
    TypeRow{read_flag, "true or false"},
    TypeRow{read_word, ""},
    TypeRow{read_text, "text"},
    TypeRow{read_some_text, "the name of a file"},
    TypeRow{read_text, "a URL"},
    TypeRow{read_header, "a header such as \"Accept: text/html\""},
    TypeRow{read_list, "a list such as a,b,c"},
    TypeRow{read_count, "a whole number"},
    TypeRow{read_fraction, "a part of 1 such as 0.1 or 10%"},
    TypeRow{read_size, text::kSizeTakes},
    TypeRow{read_duration, text::kDurationTakes},
    TypeRow{read_rate, text::kRateTakes},
    TypeRow{read_statuses, "statuses such as 4xx,5xx,404 or 500-504"},
    TypeRow{read_program, "a jq program in ( … )"},
    TypeRow{read_template, "text, with {fields}"},
    TypeRow{read_some_text, "a regular expression in double quotes"},
    TypeRow{read_some_text, "an XPath in double quotes"},
    TypeRow{read_some_text, "a CSS selector in double quotes"},
    TypeRow{nullptr, "a jq program in ( … ), or text with {fields}"},
    TypeRow{nullptr, "a block of stages in { … }"},
};
static_assert(kTypes.size() == static_cast<std::size_t>(ArgType::block) + 1);

const TypeRow& type_row(const ArgRow& row) { return kTypes[static_cast<std::size_t>(row.type)]; }

struct Scale {
  std::string_view unit;
  std::uint64_t factor;
};
constexpr std::array kSizes{Scale{"GiB", std::uint64_t{1} << 30}, Scale{"MiB", std::uint64_t{1} << 20},
                            Scale{"KiB", std::uint64_t{1} << 10}, Scale{"", 1}};

// Writes a count so that nobody has to count zeros, and parse_count reads it: 10M, 1e12.
std::string count(std::uint64_t number) {
  constexpr std::uint64_t kMillion = 1'000'000;
  if (number < kMillion || number % kMillion != 0) return std::to_string(number);
  if (number < 1000 * kMillion) return std::to_string(number / kMillion) + "M";
  int zeros = 0;
  for (; number % 10 == 0; number /= 10) ++zeros;
  return std::to_string(number) + "e" + std::to_string(zeros);
}

// Writes a bound in the largest unit of which it is a whole number.
std::string bound(ArgType type, std::uint64_t number) {
  if (type == ArgType::duration)
    return text::format_in_largest_unit(std::chrono::nanoseconds(static_cast<std::int64_t>(number)));
  if (type != ArgType::size) return count(number);
  const auto scale = std::find_if(kSizes.begin(), kSizes.end(), [number](const Scale& s) {
    return number >= s.factor && number % s.factor == 0;
  });
  return scale == kSizes.end() ? "0" : std::to_string(number / scale->factor).append(scale->unit);
}

std::string range(const ArgRow& row) {
  const bool has_least = row.least > 0;
  const bool has_most = row.most < std::numeric_limits<std::uint64_t>::max();
  const auto least = bound(row.type, row.least);
  const auto most = bound(row.type, row.most);
  if (has_most && (has_least || row.type == ArgType::count)) return "from " + least + " to " + most;
  if (has_most) return "of at most " + most;
  if (!has_least) return {};
  if (row.type == ArgType::size && row.least == 1) return "of 1 byte or more";
  return row.type == ArgType::duration && row.least == 1 ? "of more than 0" : "of at least " + least;
}

std::string join(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace

std::optional<BoundValue> read_type(const ArgRow& row, const std::string& text) {
  return type_row(row).read(row, text);
}

std::string count_limits(const ArgRow& row) {
  const bool is_limited = row.type == ArgType::count && row.most < std::numeric_limits<std::uint32_t>::max();
  return is_limited ? bound(row.type, row.least) + " to " + bound(row.type, row.most) : std::string();
}

std::string takes(const ArgRow& row) {
  if (row.type == ArgType::word) return join(row.choices);
  auto type = std::string(type_row(row).takes);
  if (const auto bounds = range(row); !bounds.empty() && row.type == ArgType::count) type += " " + bounds;
  if (row.choices.empty()) return type;
  return join(row.choices) + ", or " + (row.type == ArgType::temp ? "a template in double quotes" : type);
}

std::string takes_in_place_of(const ArgRow& row, const std::string& text) {
  if (row.type != ArgType::duration && row.type != ArgType::size) return takes(row);
  ArgRow unbounded = row;
  unbounded.least = 0;
  unbounded.most = std::numeric_limits<std::uint64_t>::max();
  if (!read_type(unbounded, text)) return takes(row);
  return (row.type == ArgType::size ? "a size " : "a time ") + range(row);
}

}  // namespace leat::pipelines
