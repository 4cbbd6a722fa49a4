#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// verify: compares the file that `save` would have written with the sums that are known of it.
struct VerifyArgs {
  std::string file_template;  // as save's
  std::string checksums;      // a list of sums; empty: those of the records alone
};
[[nodiscard]] const StageRow& row_of(const VerifyArgs& args) noexcept;

}  // namespace leat::pipelines
