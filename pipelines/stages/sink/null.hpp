#pragma once

namespace leat::pipelines {

class StageRow;

/// null: takes records and prints nothing. It has no arguments.
struct NullArgs {};
[[nodiscard]] const StageRow& row_of(const NullArgs& args) noexcept;

}  // namespace leat::pipelines
