#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/number.hpp"
#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// The kinds of JSON values, in jq's order.
enum class JsonKind : std::uint8_t { null, false_, true_, number, string, array, object };

/// Gives jq's name of the kind: "null", "boolean", "number", …
[[nodiscard]] std::string_view kind_name(JsonKind kind) noexcept;

/// One entry of a tape, which is a value or a key. The entries of a container follow it: its items, or key,
/// value, key, ….
struct JsonNode {
  static constexpr std::uint8_t kEscapes = 1;  // a string with a backslash in it
  static constexpr std::uint8_t kBlanks = 2;   // a container with white space between its tokens

  std::uint32_t begin = 0;  // begin and end of its text, in bytes
  std::uint32_t end = 0;
  std::uint32_t span = 1;  // number of entries for it and all that it contains
  JsonKind kind = JsonKind::null;
  std::uint8_t flags = 0;
};

struct JsonMember;

/// A JSON value: a slice of a text, found by a tape that says what is where. Cheap to copy; owns nothing.
///
/// A default-constructed value is absent: exists() is false, and otherwise it is like null.
class JsonValue {
 public:
  class Items;
  class Members;

  JsonValue() noexcept;
  JsonValue(const char* text, const JsonNode* node) noexcept : text_(text), node_(node) {}
  static JsonValue null() noexcept;
  static JsonValue boolean(bool value) noexcept;

  [[nodiscard]] bool exists() const noexcept;
  [[nodiscard]] JsonKind kind() const noexcept { return node_->kind; }
  [[nodiscard]] bool is(JsonKind kind) const noexcept { return node_->kind == kind; }
  [[nodiscard]] bool truthy() const noexcept { return node_->kind >= JsonKind::true_; }

  /// Gives the text as it came, byte for byte. A container's text may hold newlines.
  [[nodiscard]] std::string_view raw() const noexcept {
    return {text_ + node_->begin, node_->end - node_->begin};
  }
  /// Appends the text without the white space between tokens, so on one line.
  void append_to(std::string& out) const;
  [[nodiscard]] std::string compact() const;

  /// For a string or a key: gives the text that it stands for. It is a part of the JSON's own text or, if
  /// escapes had to be decoded, of `scratch`. It is always UTF-8; half a surrogate pair becomes U+FFFD.
  [[nodiscard]] std::string_view text(std::string& scratch) const;
  [[nodiscard]] std::string text() const;
  /// For a string: says whether it stands for this text.
  [[nodiscard]] bool says(std::string_view text) const;

  /// For a number: gives the nearest double, which is infinite beyond the range of doubles.
  [[nodiscard]] double number() const noexcept;
  /// For a number that is written without point and exponent: gives it if the type can hold it, else nothing.
  template <class Integer>
  [[nodiscard]] std::optional<Integer> integer() const noexcept {
    return is(JsonKind::number) ? text::parse_number<Integer>(raw()) : std::nullopt;
  }

  /// Gives a member of an object, for a repeated key the last one. It is absent if there is none or this is
  /// no object.
  [[nodiscard]] JsonValue get(std::string_view key) const;
  /// Gives an item of an array, counted from its end if negative. It is absent if there is none or this is no
  /// array.
  [[nodiscard]] JsonValue at(std::int64_t index) const noexcept;
  /// Gives how many items an array has, or how many keys an object has; else 0.
  [[nodiscard]] std::size_t size() const;

  /// Gives the items in the order of the text; for an array only.
  [[nodiscard]] Items items() const noexcept;
  /// Gives the members in the order of the text, and a repeated key several times; for an object only.
  [[nodiscard]] Members members() const noexcept;
  /// Gives the members as jq sees them: each key once, in its first place and with its last value.
  [[nodiscard]] std::vector<JsonMember> distinct_members() const;
  [[nodiscard]] bool has_duplicate_keys() const;

  [[nodiscard]] const JsonNode* node() const noexcept { return node_; }

  /// Compares by jq's order and equality: kinds by their order, numbers by their exact values, strings by
  /// code points, arrays item by item, objects by their sorted keys and then by their values.
  [[nodiscard]] static int compare(JsonValue a, JsonValue b);
  friend bool operator==(JsonValue a, JsonValue b) { return compare(a, b) == 0; }

 private:
  const char* text_;
  const JsonNode* node_;
};

struct JsonMember {
  JsonValue key;
  JsonValue value;
};

/// The items of an array.
class JsonValue::Items {
 public:
  class Iterator {
   public:
    Iterator(const char* text, const JsonNode* node) noexcept : text_(text), node_(node) {}
    JsonValue operator*() const noexcept { return {text_, node_}; }
    Iterator& operator++() noexcept {
      node_ += node_->span;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return node_ == other.node_; }

   private:
    const char* text_;
    const JsonNode* node_;
  };
  explicit Items(JsonValue array) noexcept : array_(array) {}
  [[nodiscard]] Iterator begin() const noexcept { return {array_.text_, array_.node_ + 1}; }
  [[nodiscard]] Iterator end() const noexcept { return {array_.text_, array_.node_ + array_.node_->span}; }

 private:
  JsonValue array_;
};

/// The members of an object.
class JsonValue::Members {
 public:
  class Iterator {
   public:
    Iterator(const char* text, const JsonNode* key) noexcept : text_(text), key_(key) {}
    JsonMember operator*() const noexcept { return {{text_, key_}, {text_, key_ + 1}}; }
    Iterator& operator++() noexcept {
      key_ += 1 + key_[1].span;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return key_ == other.key_; }

   private:
    const char* text_;
    const JsonNode* key_;
  };
  explicit Members(JsonValue object) noexcept : object_(object) {}
  [[nodiscard]] Iterator begin() const noexcept { return {object_.text_, object_.node_ + 1}; }
  [[nodiscard]] Iterator end() const noexcept { return {object_.text_, object_.node_ + object_.node_->span}; }

 private:
  JsonValue object_;
};

inline JsonValue::Items JsonValue::items() const noexcept { return Items(*this); }
inline JsonValue::Members JsonValue::members() const noexcept { return Members(*this); }

/// One JSON text that is checked once (RFC 8259; numbers may have any size) and indexed.
///
/// Values point into the text, which is not copied unless something in it has to be replaced, and into the
/// document; both must outlive them. Half a surrogate pair (`"\ud83d"`) becomes U+FFFD. Parsing again keeps
/// the buffers. One thread at a time.
class JsonDoc {
 public:
  static constexpr unsigned kMaxDepth = 256;  // jq 1.6 has the same limit

  /// What becomes of bytes that are not UTF-8: the text is refused, or each of them becomes U+FFFD.
  enum class BadBytes : std::uint8_t { refuse, replace };

  /// Gives nothing if the text is one JSON value, around which only white space or a BOM may stand. After a
  /// fault the root is absent.
  std::optional<TextFault> parse(std::string_view text, BadBytes bad_bytes = BadBytes::refuse);
  [[nodiscard]] JsonValue root() const noexcept;
  /// Gives the text that the values point into.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
  std::vector<JsonNode> tape_;
  std::unique_ptr<std::string> repaired_;  // the text, if something in it was replaced
};

}  // namespace leat::pipelines
