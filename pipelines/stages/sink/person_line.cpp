#include "pipelines/stages/sink/person_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/columns.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "engine/text/visible.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kNarrow = 66;    // columns; below there is no room for size and time
constexpr std::size_t kLeastUrl = 12;  // columns that a URL keeps beside a long reason
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kPlain = "\x1b[39m";

bool is_bad(const Record& record) noexcept {
  return record.outcome == Outcome::failed || record.outcome == Outcome::cancelled;
}

std::string mark_of(const Record& record) {
  if (record.outcome == Outcome::skipped) return "skip";
  if (record.outcome == Outcome::cancelled) return "stop";
  if (record.error)
    return record.error->http_status != 0 ? std::to_string(record.error->http_status) : "fail";
  return record.response ? std::to_string(record.response->head.status) : "ok";
}

// "    1.2 MB    0.35 s": nothing that did not happen.
std::string measures_of(const Record& record) {
  if (!record.response) return fmt::format("{:>9}  {:>7}", "-", "-");
  return fmt::format("{:>9}  {:>7}", text::format_bytes(static_cast<double>(record.response->size_download)),
                     text::format_elapsed(async::from_seconds(record.response->time_total)));
}

std::string reason_of(const Record& record) {
  if (record.error) {
    const std::string_view code = to_string(record.error->code);
    return std::string(code) + ": " + record.error->message;
  }
  if (record.outcome == Outcome::not_modified) return "has not changed";
  if (record.outcome != Outcome::skipped || record.filename.empty()) return "";
  return record.digests.all().empty() ? "is there already" : "is there, and its checksum is right";
}

std::string cut(std::string_view text, std::size_t columns, bool utf8) {
  if (text::columns_of(text) <= columns) return std::string(text);
  const std::string_view dots = utf8 ? "…" : "..";
  const std::size_t taken = text::columns_of(dots);
  if (columns <= taken) return std::string(text::cut_to_columns(text, columns));
  return std::string(text::cut_to_columns(text, columns - taken)).append(dots);
}

// Both ends of a URL stay, since those of one list often differ in their last signs only.
std::string cut_in_the_middle(std::string_view text, std::size_t columns, bool utf8) {
  if (text::columns_of(text) <= columns) return std::string(text);
  std::string begin = cut(text, columns - columns / 2, utf8);
  const std::string_view end = text::last_columns(text, columns - text::columns_of(begin));
  return begin.append(end);
}

// What of the URL and what of the tail finds room: first the URL is cut, then the tail.
void fit(std::string& url, std::string& tail, std::size_t room, bool utf8) {
  const std::size_t all = text::columns_of(url) + text::columns_of(tail);
  if (all <= room) return;
  const std::size_t for_url = room - std::min(room, text::columns_of(tail));
  url = cut_in_the_middle(url, std::min(room, std::max(for_url, std::min(kLeastUrl, room))), utf8);
  tail = cut(tail, room - text::columns_of(url), utf8);
}

}  // namespace

std::string person_line(const Record& record, const LineStyle& style) {
  const auto shown = [&style](std::string_view text) {
    std::string visible = text::escaped(text);
    return style.utf8 ? visible : text::in_ascii(visible);
  };
  const bool is_narrow = style.columns > 0 && style.columns < kNarrow;
  const std::string mark = fmt::format("{:<4}", mark_of(record));
  std::string head = is_narrow ? "  " : " " + measures_of(record) + "  ";
  std::string url =
      shown(http::without_userinfo(record.request.url.empty() ? record.input : record.request.url.text()));
  std::string tail;
  if (!record.filename.empty()) tail += (style.utf8 ? " → " : " -> ") + shown(record.filename);
  if (const std::string reason = reason_of(record); !reason.empty()) tail += "  " + shown(reason);
  if (style.columns > 0) {
    const std::size_t taken = mark.size() + head.size() + 1;  // some terminals wrap in the last column
    fit(url, tail, style.columns - std::min(style.columns, taken), style.utf8);
  }
  if (!style.coloured) return mark + head + url + tail;
  const std::string_view colour = is_bad(record) ? kRed : kGreen;
  std::string line = fmt::format("{}{}{}{}{}", colour, mark, kPlain, head, url);
  return is_bad(record) && !tail.empty() ? line.append(kRed).append(tail).append(kPlain) : line + tail;
}

}  // namespace leat::pipelines
