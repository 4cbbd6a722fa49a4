#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace leat::text {

/// Writes JSON (RFC 8259) piece by piece into a buffer of its own, which it keeps.
///
/// All JSON that leat prints or keeps is written by it. Results are why it is not RapidJSON's writer, which
/// looks at every byte of every name and value by itself: a line of some thirty members costs a third of
/// that. Bytes that are not UTF-8 become U+FFFD; the C1 control characters are escaped like the C0 ones,
/// since they steer terminals too. The caller sees to the order: `key` before each value of an object, `item`
/// before each value of an array. Any thread, one at a time.
class JsonWriter {
 public:
  void clear() noexcept { size_ = 0; }
  /// Valid until the next change.
  [[nodiscard]] std::string_view text() const noexcept { return {buffer_.data(), size_}; }

  void begin_object() { put('{'); }
  void end_object() { put('}'); }
  void begin_array() { put('['); }
  void end_array() { put(']'); }
  /// Goes before each value of an array: writes the comma behind the one before it.
  void item() {
    if (buffer_[size_ - 1] != '[') put(',');
  }

  /// A name that needs no escapes; with the comma that stands before it.
  void key(std::string_view name) {
    char* at = room(name.size() + 4);
    if (size_ > 0 && at[-1] != '{') *at++ = ',';
    *at++ = '"';
    at = copy(at, name);
    *at++ = '"';
    *at++ = ':';
    end(at);
  }
  /// Any name.
  void escaped_key(std::string_view name) {
    if (size_ > 0 && buffer_[size_ - 1] != '{') put(',');
    string(name);
    put(':');
  }

  /// A member whose name needs no escapes, with its value: a text, a flag or a number.
  template <class Value>
  void member(std::string_view name, const Value& value) {
    key(name);
    if constexpr (std::is_same_v<Value, bool>) {
      boolean(value);
    } else if constexpr (std::is_floating_point_v<Value>) {
      number(static_cast<double>(value));
    } else if constexpr (std::is_unsigned_v<Value>) {
      number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_integral_v<Value>) {
      number(static_cast<std::int64_t>(value));
    } else {
      string(value);
    }
  }

  void string(std::string_view value);
  void null() { raw("null"); }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void number(std::uint64_t value);
  void number(std::int64_t value);
  /// With as many digits as it takes to read the same number again; null for what is no number.
  void number(double value);
  /// With so many decimals, never with an exponent; null for what is no number.
  void number(double value, int decimals);
  /// With six places, never with an exponent; negative ones as 0.
  void microseconds(std::int64_t value);
  /// JSON already, or what is to stand between two values.
  void raw(std::string_view json) { end(copy(room(json.size()), json)); }
  void put(char c) { *room(1) = c, ++size_; }

 private:
  /// Where `bytes` more fit.
  char* room(std::size_t bytes) {
    if (buffer_.size() - size_ < bytes) grow(bytes);
    return buffer_.data() + size_;
  }
  void grow(std::size_t bytes);
  void end(const char* at) noexcept { size_ = static_cast<std::size_t>(at - buffer_.data()); }
  static char* copy(char* at, std::string_view text) noexcept {
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
  }
  void escaped(std::string_view value);

  std::vector<char> buffer_ = std::vector<char>(2048);
  std::size_t size_ = 0;
};

/// JSON that a JsonWriter wrote, with a line for each member and item, for people: two blanks a level.
[[nodiscard]] std::string indented(std::string_view json);

}  // namespace leat::text
