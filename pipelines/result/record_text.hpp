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

}  // namespace leat::pipelines
