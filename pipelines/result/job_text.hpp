#pragma once

#include <string>
#include <string_view>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Writes a record as it came from the source, or a page that is to be fetched, for the job that it goes
/// into: as `to_text` does, and with its error if it has failed. Of a record that is no more than a URL, and
/// of such a page, the text is as short as can be.
[[nodiscard]] std::string to_job_text(const Record& record);
/// Reads what `to_job_text` wrote; bad_response if it is no such text.
[[nodiscard]] Result<RecordPtr> record_of_job_text(std::string_view text);

}  // namespace leat::pipelines
