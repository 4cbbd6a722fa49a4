#pragma once

#include <string>
#include <string_view>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

class RecordView;

/// Writes a record that is still to be fetched as JSON text, for a frontier on disk: what it asks for, where
/// it comes from, and its meta. The text has nothing of an answer, and neither ticket nor descent.
[[nodiscard]] std::string to_text(const Record& record);
/// Reads what `to_text` wrote; internal if that is no such text.
[[nodiscard]] Result<RecordPtr> record_of_text(std::string_view text);

/// The JSON of a record of which nothing is known: all fields of RecordView::text, and most of them are null.
[[nodiscard]] std::string empty_record_text();

/// An object with those members of a record's JSON that differ from empty_record_text; with its `.lines` only
/// if they are asked for.
[[nodiscard]] std::string record_difference(RecordView& record, bool with_lines);

}  // namespace leat::pipelines
