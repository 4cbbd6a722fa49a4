#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/load/load_result.hpp"

namespace leat::load {

/// The result of a part of a run as bytes, for another process of the same version of leat: nothing is
/// rounded, and histograms keep every bucket. Only `series` and `blocks` are left out, which `merge_members`
/// makes anew, and `sample`, which whoever took it has looked at.
[[nodiscard]] std::string bytes_of(const LoadResult& result);

/// The result that such bytes are of. bad_response for any other bytes.
[[nodiscard]] Result<LoadResult> result_of(std::string_view bytes);

}  // namespace leat::load
