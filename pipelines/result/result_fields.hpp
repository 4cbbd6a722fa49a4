#pragma once

#include <array>
#include <cstddef>
#include <ctime>
#include <optional>
#include <span>
#include <string_view>

#include "engine/text/json_writer.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// One field of a result, and how its value is written as JSON.
struct ResultField {
  class Writer;
  /// When a result shows it. `asked_for`: only where a program, a template or a list of fields names it.
  enum class Shown : std::uint8_t { always, when_told, on_demand, asked_for };

  std::string_view name;
  void (*write)(Writer& out, const Record& record);
  Shown shown = Shown::always;
  bool (*told)(const Record& record) = nullptr;  // of when_told: whether it says something of this record
};

/// Every field, in the order of a line: the result's own (DESIGN.md, "A result"), then those that are shown
/// on demand: body, headers, json; and `lines`.
[[nodiscard]] std::span<const ResultField> result_fields() noexcept;
[[nodiscard]] const ResultField* find_result_field(std::string_view name) noexcept;

/// Whether a field says what a fetch brought. The others say what the record is, and what it asks for.
[[nodiscard]] bool is_of_answer(std::string_view name) noexcept;

/// Writes the values of fields.
///
/// What it writes is always well-formed: bytes from the network that are no UTF-8 become U+FFFD. It shows no
/// credentials: userinfo is taken out of URLs, and of the request only method and URL are shown.
class ResultField::Writer {
 public:
  text::JsonWriter json;

  void text_or_null(std::optional<std::string_view> value);
  void url(std::string_view url);
  void seconds(double value);
  void time(std::chrono::system_clock::time_point time);
  void error(const Error& why);
  void headers(const http::Headers& headers);

 private:
  std::time_t second_ = -1;  // the one that `stamp_` stands for
  std::array<char, 32> stamp_{};
};

}  // namespace leat::pipelines
