#include "pipelines/stages/source/event_splitter.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostDigits = 9;  // of a reconnection time: more than a week says nothing

}  // namespace

std::optional<EventSplitter::Event> EventSplitter::next() {
  if (std::exchange(given_, false)) {
    type_.clear();
    data_.clear();
    too_long_ = false;
  }
  while (!rest_.empty()) {
    if (std::exchange(after_cr_, false) && rest_.front() == '\n') {
      rest_.remove_prefix(1);
      continue;
    }
    const auto end = rest_.find_first_of("\r\n");
    keep(rest_.substr(0, end));
    if (end == std::string_view::npos) break;
    after_cr_ = rest_[end] == '\r';
    rest_.remove_prefix(end + 1);
    const bool is_event = take_line();
    line_.clear();
    line_too_long_ = false;
    if (!is_event) continue;
    given_ = true;
    return Event{type_.empty() ? std::string_view("message") : type_, data_, id_, too_long_};
  }
  rest_ = {};
  return std::nullopt;
}

void EventSplitter::restart() noexcept {
  rest_ = {};
  line_.clear();
  type_.clear();
  data_.clear();
  next_id_ = id_;
  at_start_ = true;
  after_cr_ = given_ = too_long_ = line_too_long_ = named_ = false;
}

std::string_view EventSplitter::resume_id() const noexcept {
  return resumable_ ? std::string_view(id_) : std::string_view();
}

void EventSplitter::keep(std::string_view text) {
  const std::size_t room = limit_ - std::min(line_.size(), limit_);
  line_too_long_ = line_too_long_ || text.size() > room;
  line_.append(text.substr(0, room));
}

// Says whether an event is there.
bool EventSplitter::take_line() {
  std::string_view line = line_;
  if (std::exchange(at_start_, false)) line = text::without_byte_order_mark(line);
  if (line.empty() && !line_too_long_) return end_event();
  if (line.starts_with(':')) return false;
  if (line_too_long_) {
    too_long_ = true;
    data_.clear();
    return false;
  }
  const auto colon = line.find(':');
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
  return false;
}

void EventSplitter::take_field(std::string_view name, std::string_view value) {
  if (name == "data" && !too_long_) {
    too_long_ = data_.size() + value.size() > limit_;
    if (too_long_) {
      data_.clear();
    } else {
      data_.append(value).push_back('\n');
    }
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    next_id_ = value;
    named_ = true;
  } else if (name == "retry" && !value.empty() && value.size() <= kMostDigits) {
    std::int64_t time = 0;
    for (const char c : value) {
      if (!text::is_digit(c)) return;
      time = time * 10 + (c - '0');
    }
    retry_ = std::chrono::milliseconds(time);
  }
}

// One without data is none, but its id counts.
bool EventSplitter::end_event() {
  id_ = next_id_;
  const bool is_event = !data_.empty() || too_long_;
  if (named_) {
    resumable_ = !id_.empty();
  } else if (is_event) {
    resumable_ = false;
  }
  named_ = false;
  if (is_event) {
    if (!data_.empty()) data_.pop_back();
  } else {
    type_.clear();
  }
  return is_event;
}

}  // namespace leat::pipelines
