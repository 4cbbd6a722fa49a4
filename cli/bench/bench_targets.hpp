#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::cli {

/// What all targets of a benchmark have in common, and what their templates may name.
struct TargetDefaults {
  std::string method;                // empty: GET, or POST with a body
  std::vector<std::string> headers;  // "Name: value"
  std::optional<std::string> body;
  std::vector<std::string> columns;      // the columns of the data's rows
  const load::DataRows* rows = nullptr;  // null if there is no data
};

/// A template's pieces: {seq}, {random} and the columns are fields. Any other text stands for itself, with
/// its braces, as in a body of JSON.
[[nodiscard]] load::TextPieces to_pieces(std::string_view text, const std::vector<std::string>& columns);

/// A target that only has a URL. Errors: bad_url, unsupported_scheme, and bad_input for an unknown field.
[[nodiscard]] Result<load::Target> target_of_url(std::string_view url, const TargetDefaults& defaults);

/// The targets of a list. A line is a URL or a JSON object (url, method, headers, body, weight); blank lines,
/// # comments, CRLF and a BOM are accepted. The Error's message begins with the line's number.
[[nodiscard]] Result<std::vector<load::Target>> read_targets(std::string_view text,
                                                             const TargetDefaults& defaults);

/// The rows of a CSV text below its first row, which names the columns. The Error's message begins with the
/// line's number.
[[nodiscard]] Status read_data(std::string_view text, std::vector<std::string>& columns,
                               load::DataRows& rows);

}  // namespace leat::cli
