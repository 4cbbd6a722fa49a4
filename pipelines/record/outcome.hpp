#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leat::pipelines {

/// How a record ended. The names, as `to_string` gives them, are part of the contract with users.
enum class Outcome : std::uint8_t { ok, failed, skipped, not_modified, cancelled };
inline constexpr std::size_t kOutcomes = 5;

[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

}  // namespace leat::pipelines
