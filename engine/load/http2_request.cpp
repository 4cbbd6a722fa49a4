#include "engine/load/http2_request.hpp"

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"

namespace leat::load {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

// These are about one connection of HTTP/1.1, or mean the opposite of what HTTP/2 does. Host is `:authority`.
bool is_left_out(std::string_view name, std::string_view value) noexcept {
  constexpr std::array<std::string_view, 6> kNames{
      "connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"};
  if (name == "te") return !text::equal_ignoring_case(value, "trailers");
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// The lines of a head, each without its end.
class Lines {
 public:
  explicit Lines(std::string& head) noexcept : rest_(head) {}
  std::string_view next() noexcept {
    const std::string_view line = rest_.substr(0, rest_.find(kLineEnd));
    rest_.remove_prefix(std::min(rest_.size(), line.size() + kLineEnd.size()));
    return line;
  }

 private:
  std::string_view rest_;
};

std::string_view name_of(std::string_view line) noexcept { return line.substr(0, line.find(':')); }

std::string_view value_of(std::string_view line) noexcept {
  const auto colon = line.find(':');
  return colon == std::string_view::npos ? std::string_view() : text::trimmed(line.substr(colon + 1));
}

}  // namespace

void Http2Request::assign(std::string_view bytes, std::string_view scheme) {
  const auto end = bytes.find("\r\n\r\n");
  head_ = bytes.substr(0, end);
  body_ = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 2 * kLineEnd.size());
  fields_.clear();
  named_.clear();

  Lines lines(head_);
  std::string_view request_line = lines.next();
  const std::string_view method = text::take_before(request_line, ' ');
  add(":method", method);
  add(":scheme", scheme);
  for (Lines fields = lines;;) {
    const std::string_view line = fields.next();
    if (line.empty()) break;
    // The name is written in lower case where it stands.
    char* const name = head_.data() + (line.data() - head_.data());
    for (char* c = name; c != name + name_of(line).size(); ++c) *c = text::to_lower(*c);
    if (name_of(line) == "host" && fields_.size() == 2) add(":authority", value_of(line));
    if (name_of(line) != "connection") continue;
    for (std::string_view list = value_of(line); !list.empty();) {
      named_.push_back(text::trimmed(text::take_before(list, ',')));
    }
  }
  add(":path", request_line.substr(0, request_line.rfind(' ')));
  for (std::string_view line = lines.next(); !line.empty(); line = lines.next()) {
    const std::string_view name = name_of(line);
    const std::string_view value = value_of(line);
    const bool named = std::any_of(named_.begin(), named_.end(), [&](std::string_view one) {
      return text::equal_ignoring_case(one, name);
    });
    if (!named && !is_left_out(name, value)) add(name, value);
  }
}

void Http2Request::add(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));  // nghttp2 only reads them
  };
  fields_.push_back({bytes(name), bytes(value), name.size(), value.size(),
                     NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE});
}

}  // namespace leat::load
