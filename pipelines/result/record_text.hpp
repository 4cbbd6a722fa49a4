#pragma once

#include <string>
#include <string_view>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A record that is still to be fetched as JSON text, for a frontier on disk, and back: what it asks for,
/// where it comes from, its meta. Nothing of an answer, no ticket, no lineage.
[[nodiscard]] std::string to_text(const Record& record);
/// internal if that is no such text.
[[nodiscard]] Result<RecordPtr> record_of_text(std::string_view text);

/// The JSON of a record of which nothing is known: all fields of RecordView::text, most of them null.
[[nodiscard]] std::string empty_record_text();

/// As an object, those members of a record's JSON that differ from that.
[[nodiscard]] std::string record_difference(const Record& record);

}  // namespace leat::pipelines
