#pragma once

#include <string>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// The origin that the user's own data of the record is for: see http::Request. Once a record was fetched, or
/// is about to be (`begins`), it is that of its first URL, whatever URLs come later; until then it is empty.
[[nodiscard]] std::string own_origin_of(const Record& record, bool begins = false);

}  // namespace leat::pipelines
