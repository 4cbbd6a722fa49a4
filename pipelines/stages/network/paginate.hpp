#pragma once

#include <cstdint>
#include <string>

#include "pipelines/options/fetch_settings.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `paginate`: a fetch that goes on to the next page for as long as there is one.
struct PaginateArgs {
  FetchArgs fetch;
  std::string next;  // a program; empty: the Link field's rel="next"
  std::uint64_t max = 1000;
  bool stops = false;  // it ends well at `max`, or where a page has been there, although there is a next one
};
[[nodiscard]] const StageRow& row_of(const PaginateArgs& args) noexcept;

}  // namespace leat::pipelines
