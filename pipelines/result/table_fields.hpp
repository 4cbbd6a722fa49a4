#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/delimited.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/field_path.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// One entry of `fields=`: "PATH", "NAME=PATH", or "PATH.*" for each member of the object that is there.
struct TableField {
  std::string name;  // of its column, or of the member of a JSON line
  FieldPath path;
  bool spreads = false;

  static Compiled<TableField> compile(std::string_view text);
};

/// Checks what stands between the commas of `fields=`; the fault's offset counts in the whole list.
[[nodiscard]] std::optional<TextFault> check_table_fields(const std::string& list);

/// The fields that lines of JSON and rows of a table have. At most one of them spreads an object.
///
/// A row's text is written as it is, a field that is missing or null as an empty one, and all else as JSON.
/// Immutable.
class TableFields {
 public:
  /// The names of the members that stand where a field spreads, in a table that has one line for all.
  using Members = std::vector<std::string>;

  /// The texts have been checked.
  explicit TableFields(const std::vector<std::string>& texts);

  [[nodiscard]] bool spread() const noexcept { return spread_.has_value(); }
  /// Whether a row says of a record that has failed that it did: error.* or outcome is asked for.
  [[nodiscard]] bool tells_failure() const;
  /// The members that a record has there.
  [[nodiscard]] Members members_of(Input& input) const;
  /// The same of a table whose first row has these names; empty if it has fewer than the fields need.
  [[nodiscard]] Members members_of(const std::vector<std::string>& names) const;

  void append_header(std::string& out, text::Delimited format, const Members& members) const;
  /// What becomes of a field of a body that can't be read: of `.json` where that is no JSON.
  enum class Unreadable : std::uint8_t { error, empty };
  /// filter_error if the record has a member that is none of these, or for a body that can't be read.
  [[nodiscard]] Status append_row(std::string& out, text::Delimited format, const Members& members,
                                  Input& input, Unreadable unreadable = Unreadable::error) const;
  /// filter_error for a body that can't be read.
  [[nodiscard]] Status append_object(std::string& out, Input& input,
                                     Unreadable unreadable = Unreadable::error) const;

 private:
  [[nodiscard]] std::string name_of(std::string_view member) const;

  std::vector<TableField> fields_;
  std::optional<std::size_t> spread_;  // its place in fields_
};

}  // namespace leat::pipelines
