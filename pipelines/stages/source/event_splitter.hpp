#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Cuts an event stream that comes in chunks into its events (WHATWG HTML, 9.2.5 and 9.2.6): lines end in LF,
/// CR or CRLF, comments say nothing, and an event that the end of the stream cuts is none.
///
/// An event whose data, or one of whose lines, is longer than `limit` comes without them; its rest is
/// skipped, not held.
class EventSplitter {
 public:
  struct Event {
    std::string_view type;  // these are valid until the next call
    std::string_view data;
    std::string_view id;  // the last one that the stream has named, before this event or in it
    bool too_long = false;
  };

  explicit EventSplitter(std::size_t limit) noexcept : limit_(limit) {}

  /// The chunk stays where it is until `next` has given nothing.
  void feed(std::string_view chunk) noexcept { rest_ = chunk; }
  /// The next event that ends in this chunk.
  std::optional<Event> next();
  /// Another answer goes on with the stream: what has no end yet is forgotten, the last id is not.
  void restart() noexcept;

  /// The id that a request names to get what comes after the last event; empty if the stream has named none
  /// with that event or since.
  [[nodiscard]] std::string_view resume_id() const noexcept;
  /// How long to wait before it is asked for again, if the stream has said so.
  [[nodiscard]] std::optional<std::chrono::milliseconds> reconnection_time() const noexcept { return retry_; }

 private:
  bool take_line();
  bool end_event();
  void take_field(std::string_view name, std::string_view value);
  void keep(std::string_view text);

  std::size_t limit_;
  std::string_view rest_;
  std::string line_;  // whose end has not come yet
  std::string type_;
  std::string data_;
  std::string next_id_;  // of the event that is being read; WHATWG calls it a buffer
  std::string id_;
  std::optional<std::chrono::milliseconds> retry_;
  bool at_start_ = true;   // where a byte order mark may stand
  bool after_cr_ = false;  // a newline that comes now belongs to it
  bool given_ = false;     // type_ and data_ are those of the event before
  bool too_long_ = false;  // the event
  bool line_too_long_ = false;
  bool named_ = false;  // the event that is being read has an id of its own
  bool resumable_ = false;
};

}  // namespace leat::pipelines
