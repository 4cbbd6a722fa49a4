#include "engine/http/message/http_date.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

namespace leat::http {

namespace {

constexpr std::string_view kForm = "Www, dd Mmm yyyy hh:mm:ss GMT";
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads digits at a fixed place; gives -1 if something else stands there.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::time_t> preferred_form(std::string_view text) noexcept {
  if (text.size() != kForm.size() || !text.ends_with(" GMT")) return std::nullopt;
  unsigned month = 0;
  while (month < kMonths.size() && text.substr(8, 3) != kMonths[month]) ++month;
  const int day = digits(text, 5, 2);
  const int year = digits(text, 12, 4);
  const int hour = digits(text, 17, 2);
  const int minute = digits(text, 20, 2);
  const int second = digits(text, 23, 2);
  if (day < 1 || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month + 1),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return std::time_t{days} * 86400 + hour * 3600 + minute * 60 + second;
}

}  // namespace

std::optional<std::time_t> parse_http_date(std::string_view text) {
  if (const auto time = preferred_form(text)) return time;
  const std::time_t time = curl_getdate(std::string(text).c_str(), nullptr);
  return time < 0 ? std::nullopt : std::optional(time);
}

std::string http_date(std::time_t time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                     kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                     parts.tm_min, parts.tm_sec);
}

}  // namespace leat::http
