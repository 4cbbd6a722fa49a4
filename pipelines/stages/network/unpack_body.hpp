#pragma once

#include <cstdint>

#include "engine/error.hpp"
#include "pipelines/record/body_budget.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Has the record's held body be a text that can be read, where it came compressed without having been asked
/// for: by its Content-Encoding, unless that is `decoded` already, and by its content, as that of
/// sitemap.xml.gz. What came is kept as `raw_body`.
///
/// What a label says falsely is left as it came, and so is a compressed text without a label that is broken.
/// bad_response: it is cut short or damaged; body_too_large: it is longer than `limit` (0: none) when it is
/// unpacked. Loop thread.
[[nodiscard]] Status unpack_body(Record& record, bool decoded, std::uint64_t limit, BodyBudget& budget);

}  // namespace leat::pipelines
