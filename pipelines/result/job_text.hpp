#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A record of a job, and the stage at which it enters the pipeline.
struct JobItem {
  JobItem(RecordPtr r, int s) noexcept : record(std::move(r)), stage(s) {}

  RecordPtr record;
  int stage = 0;  // by its number; 0: right behind the source
};

/// Writes a record as it came from the source, or as a stage has put it into the job, for the job that it
/// goes into: as `to_text` does, and with its error if it has failed. Of a record that is no more than a URL,
/// and of a page of a crawl, the text is as short as can be.
[[nodiscard]] std::string to_job_text(const Record& record, int stage = 0);
/// Reads what `to_job_text` wrote; bad_response if it is no such text.
[[nodiscard]] Result<JobItem> item_of_job_text(std::string_view text);

}  // namespace leat::pipelines
