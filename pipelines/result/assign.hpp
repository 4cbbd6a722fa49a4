#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Whether a record has a place of that name that stages may set: `url method body output sha256`,
/// `header.NAME`, `meta` and `meta.a.b`. Nothing if it has; else a message that says what there is.
[[nodiscard]] std::optional<std::string> check_place(std::string_view place);

/// How the names of places in `meta` begin.
inline constexpr std::string_view kMeta = "meta.";

/// Sets that place of the record. A value that is not text is taken as its JSON, but null takes the place's
/// value away. bad_input or bad_url for a value that the place can't hold; filter_error if `meta` has
/// something that is no object on the way.
[[nodiscard]] Status assign(Record& record, std::string_view place, JsonValue value);

/// Sets meta.PATH to a JSON text that is compact. filter_error as above.
[[nodiscard]] Status assign_meta(Record& record, std::string_view path, std::string_view json);

/// Gives the record that URL, resolved against `base` unless that is empty. bad_url, unsupported_scheme.
[[nodiscard]] Status set_record_url(Record& record, const std::string& url, const std::string& base);

/// Makes a record of what says a request: of a table's row, of what `paginate` is told of the next page. (For
/// items, which are data, see take_item.) Text is its URL. Of an object, the members that belong to a request
/// (url method headers body output sha256 mirrors) make the request; `meta` and all others go into `meta`,
/// over what the record has there. Relative URLs are resolved against `base`, unless that is empty.
/// bad_input, bad_url.
[[nodiscard]] Status fill(Record& record, JsonValue value, const std::string& base);

}  // namespace leat::pipelines
