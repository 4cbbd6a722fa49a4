#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace leat::redis {

/// A command with its arguments, such as {"XADD", "KEY", "*", "line", "…"}. Any byte may stand in it.
using Command = std::vector<std::string>;

/// Appends a command as it is sent.
void append_command(std::string& bytes, const Command& command);

/// What Redis says to one command (RESP2). A value.
struct Reply {
  enum class Kind : std::uint8_t { nothing, text, integer, list, error };

  Reply() = default;

  Kind kind = Kind::nothing;
  std::string text;  // of a text, of a status ("OK") and of an error
  std::int64_t integer = 0;
  std::vector<Reply> items;  // of a list

  [[nodiscard]] bool is_error() const noexcept { return kind == Kind::error; }
  [[nodiscard]] bool is_nothing() const noexcept { return kind == Kind::nothing; }
  /// The word in capital letters with which an error begins: "WRONGTYPE". Empty if it is no error.
  [[nodiscard]] std::string_view error_code() const noexcept;
};

/// Takes the bytes that Redis sends apart. It is hiredis's reader, which does no I/O. Loop thread only.
class ReplyReader {
 public:
  ReplyReader();

  void feed(std::string_view bytes);
  /// The next reply; nothing if more bytes are needed, or if these are no answers of a Redis server.
  std::optional<Reply> next();
  [[nodiscard]] bool is_broken() const noexcept { return broken_; }

 private:
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };
  std::unique_ptr<redisReader, Free> reader_;
  bool broken_ = false;
};

}  // namespace leat::redis
