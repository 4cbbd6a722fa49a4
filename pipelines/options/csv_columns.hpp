#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A place of a record, and the column of a table that it is taken from.
struct ColumnOf {
  std::string place;   // see check_place
  std::string column;  // its name in the header
};

/// "url=link,output=name": pairs with commas between, quoted as in CSV where a column's name holds a comma.
/// bad_input for a place that there is not, or one that is given twice.
[[nodiscard]] Result<std::vector<ColumnOf>> parse_columns(const std::string& text);
/// A TextCheck of the same.
[[nodiscard]] std::optional<TextFault> check_columns(const std::string& text);
/// Whether one of them is that place's.
[[nodiscard]] bool names_place(const std::vector<ColumnOf>& columns, std::string_view place) noexcept;

/// What becomes of each column of a table with that header.
///
/// A column that is asked for goes where it is asked for, and nowhere else; one that bears the name of a
/// place that nothing else was asked for goes there; all others become members of meta, as text. In a place
/// but meta's an empty field means that the record has none. `headers` takes a line for each header,
/// `mirrors` URLs with blanks between, both JSON as well.
class CsvColumns {
 public:
  /// bad_input, with a message that names the column and those that there are, if one that is asked for is
  /// not in the header.
  static Result<CsvColumns> make(const std::vector<std::string>& header, const std::vector<ColumnOf>& asked);

  /// Of as many fields as the header has. bad_input, bad_url.
  [[nodiscard]] Status fill(Record& record, std::span<const std::string_view> fields);

 private:
  struct Target {
    std::size_t column;
    std::string place;
  };
  struct Member {
    std::size_t column;
    std::string key;  // as JSON
  };

  Status put(Record& record, const std::string& place, std::string_view field);
  Status merge_meta(Record& record, const std::string& json);
  void put_rest(Record& record, std::span<const std::string_view> fields) const;

  std::vector<Target> targets_;  // the URL first
  std::vector<Member> rest_;
  JsonDoc doc_;
};

}  // namespace leat::pipelines
