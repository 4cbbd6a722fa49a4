#pragma once

#include <string>
#include <string_view>

#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// The argument of stages that make records of values, which are data without it.
inline constexpr ArgRow kRequestRow{
    .key = "request",
    .name = "BOOL",
    .type = ArgType::flag,
    .help =
        "an object says a request, as a line of a list: url method headers body output … (default false)"};

/// Fills the record from an object that says a request, as a line of a list does; `meta` replaces the
/// record's. bad_input, with a message that names the field and what it takes, but none of its value.
/// A relative URL is resolved against `base`, unless that is empty; URLs and headers are checked.
[[nodiscard]] Status take_request(Record& record, JsonValue object, const std::string& base);

/// Fills the record from a line that is a JSON object. bad_input, with a message that names the field and
/// what it takes, but none of its value. URL and headers are not checked here.
/// The document is the text's afterwards.
[[nodiscard]] Status parse_line_object(std::string_view text, JsonDoc& doc, Record& record);

/// Checks what such an object has said of URL, headers and mirrors. bad_url, unsupported_scheme, bad_input.
[[nodiscard]] Status check_request(const Record& record);

}  // namespace leat::pipelines
