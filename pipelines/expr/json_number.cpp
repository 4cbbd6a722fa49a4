#include "pipelines/expr/json_number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "engine/text/number.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kSafeDigits = 15;  // of which a double keeps any number
constexpr int kAllDigits = 17;           // that printf and others write to tell a double from all others
constexpr std::int64_t kFarthest = 100'000'000'000'000'000;

/// A number as 0.DIGITS times ten to the power of `point`. Zero has no digits.
struct Decimal {
  explicit Decimal(std::string_view number) {
    negative = number.starts_with('-');
    if (negative) number.remove_prefix(1);
    const auto e = std::min(number.find_first_of("eE"), number.size());
    const auto mantissa = number.substr(0, e);
    const auto dot = std::min(mantissa.find('.'), mantissa.size());
    for (const char c : mantissa) {
      if (c != '.') digits += c;
    }
    const auto zeros = std::min(digits.find_first_not_of('0'), digits.size());
    point = static_cast<std::int64_t>(dot) - static_cast<std::int64_t>(zeros);
    digits.erase(0, zeros);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (e < number.size()) add_exponent(number.substr(e + 1));
    if (digits.empty()) {
      negative = false;
      point = 0;
    }
  }

  bool operator==(const Decimal&) const = default;

  bool negative = false;
  std::string digits;
  std::int64_t point = 0;

 private:
  // An exponent that no one can mean is cut, so that the sum stays in range.
  void add_exponent(std::string_view text) {
    const bool below = text.starts_with('-');
    if (below || text.starts_with('+')) text.remove_prefix(1);
    std::int64_t exponent = 0;
    for (const char c : text) exponent = std::min(exponent * 10 + (c - '0'), kFarthest);
    point += below ? -exponent : exponent;
  }
};

int sign_of(const Decimal& number) noexcept { return number.digits.empty() ? 0 : number.negative ? -1 : 1; }

// Appends a positive number without an exponent.
void append_plain(std::string& out, const Decimal& number) {
  const auto size = static_cast<std::int64_t>(number.digits.size());
  const auto zeros = [&](std::int64_t count) { out.append(static_cast<std::size_t>(count), '0'); };
  if (number.point <= 0) {
    out += "0.";
    zeros(-number.point);
    out += number.digits;
  } else if (number.point >= size) {
    out += number.digits;
    zeros(number.point - size);
  } else {
    const auto point = static_cast<std::size_t>(number.point);
    out.append(number.digits, 0, point).append(".").append(number.digits, point);
  }
}

// A double as it is printed with so many digits, or with as few as tell it from all others.
template <class... Precision>
Decimal decimal_of(double value, Precision... precision) {
  std::array<char, 40> printed;
  const auto end =
      std::to_chars(printed.begin(), printed.end(), value, std::chars_format::scientific, precision...).ptr;
  return Decimal({printed.data(), static_cast<std::size_t>(end - printed.data())});
}

// Says whether a double tells the number from all others that are like this, at first sight.
bool is_safe(std::string_view number) noexcept {
  return number.size() <= kSafeDigits && number.find_first_of("eE") == number.npos;
}

bool is_number(char c) noexcept {
  return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

}  // namespace

double nearest_double(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  const Decimal exact(number);  // from_chars doesn't say whether it is too large or too small
  const double huge = exact.point > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return number.starts_with('-') ? -huge : huge;
}

int compare_numbers(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  const double left = nearest_double(a);
  const double right = nearest_double(b);
  if (left < right) return -1;
  if (left > right) return 1;
  if (is_safe(a) && is_safe(b)) return 0;
  const Decimal exact_left(a);
  const Decimal exact_right(b);
  const int sign = sign_of(exact_left);
  if (sign != sign_of(exact_right)) return sign - sign_of(exact_right);
  if (exact_left.point != exact_right.point) return exact_left.point < exact_right.point ? -sign : sign;
  return sign * exact_left.digits.compare(exact_right.digits);
}

bool fits_double(std::string_view number) {
  if (is_safe(number)) return true;
  const double value = nearest_double(number);
  if (!std::isfinite(value)) return false;
  const Decimal given(number);
  return given == decimal_of(value) || given == decimal_of(value, kAllDigits - 1);
}

void append_canonical_number(std::string& out, std::string_view number) {
  constexpr std::int64_t kMostZeros = 20;
  const Decimal value(number);
  const auto size = static_cast<std::int64_t>(value.digits.size());
  if (value.negative) out += '-';
  if (size == 0) {
    out += '0';
  } else if (value.point > -kMostZeros && value.point <= size + kMostZeros) {
    append_plain(out, value);
  } else {
    out += value.digits + "e" + std::to_string(value.point - size);
  }
}

void append_jq_number(std::string& out, double value) {
  constexpr double kMost = std::numeric_limits<double>::max();
  value = std::clamp(value, -kMost, kMost);
  if (std::signbit(value)) out += '-';
  if (value == 0) {
    out += '0';
    return;
  }
  const Decimal number = decimal_of(std::fabs(value));
  const auto size = static_cast<std::int64_t>(number.digits.size());
  if (number.point > -4 && number.point <= size + 15) return append_plain(out, number);
  out += number.digits[0];
  if (size > 1) out.append(".").append(number.digits, 1);
  const auto exponent = std::to_string(std::abs(number.point - 1));
  out += number.point > 0 ? "e+" : "e-";
  out.append(exponent.size() < 2 ? "0" : "").append(exponent);
}

std::optional<std::string> add_numbers(std::string_view a, std::string_view b) {
  const auto left = text::parse_number<std::int64_t>(a);
  const auto right = text::parse_number<std::int64_t>(b);
  std::int64_t whole = 0;
  const bool is_whole = left && right && !__builtin_add_overflow(*left, *right, &whole);
  std::string exact = is_whole ? std::to_string(whole) : std::string();
  if (!fits_double(a) || !fits_double(b)) return is_whole ? std::optional(std::move(exact)) : std::nullopt;
  if (is_whole && !fits_double(exact)) return exact;
  std::string sum;
  append_jq_number(sum, nearest_double(a) + nearest_double(b));
  return sum;
}

std::string_view find_too_exact(std::string_view json) {
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      for (++at; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] == '\\') ++at;
      }
      ++at;
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      const auto from = at;
      while (at < json.size() && is_number(json[at])) ++at;
      if (const auto number = json.substr(from, at - from); !fits_double(number)) return number;
    } else {
      ++at;
    }
  }
  return {};
}

}  // namespace leat::pipelines
