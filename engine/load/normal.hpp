#pragma once

namespace leat::load {

// The distributions that intervals are computed from.

/// P(Z <= z) of the standard normal distribution.
[[nodiscard]] double normal_probability(double z);

/// The z for which P(Z <= z) = `probability`, which is more than 0 and less than 1.
[[nodiscard]] double normal_quantile(double probability);

/// The same for Student's t with `freedom` degrees of freedom, at least 1.
[[nodiscard]] double student_quantile(double probability, double freedom);

}  // namespace leat::load
