#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Makes a record of a value that is data: an item of an API's answer, or of a file.
///
/// Text is its URL. Of an object, the text `url` (or, without one, `URL`) is its URL. Every other member is
/// kept in `meta` under its name, whatever that is: an item may well have a `body` or a `method` of its own,
/// and says nothing of the request. But an object that is called `meta` is merged into `meta`. Members take
/// the place of those that `meta` has already. A relative URL is resolved against `base`, unless that is
/// empty. bad_input for any other value; bad_url, with the members kept all the same.
[[nodiscard]] Status take_item(Record& record, JsonValue value, const std::string& base);

/// The same of a JSON text, for which `doc` has the buffers. bad_input, naming the byte, if it is none.
[[nodiscard]] Status take_json_item(Record& record, std::string_view json, JsonDoc& doc,
                                    const std::string& base);

/// Gives the record's `meta` without the places that its ancestors' `extract` has filled, as the default
/// output shows it: a JSON text, "null" if nothing is left.
[[nodiscard]] std::string own_meta(const Record& record);

}  // namespace leat::pipelines
