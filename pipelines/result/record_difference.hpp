#pragma once

#include <string>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// The JSON of a record of which nothing is known: all fields of RecordView::text, most of them null.
[[nodiscard]] std::string empty_record_text();

/// As an object, those members of a record's JSON that differ from that.
[[nodiscard]] std::string record_difference(const Record& record);

}  // namespace leat::pipelines
