#pragma once

#include <vector>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "pipelines/record/checksum.hpp"

namespace leat::pipelines {

/// The sums of a file that is there, of these kinds. A thread reads it, for as long as that
/// takes; who is cancelled does not wait for it. file_error if it can't be read.
[[nodiscard]] async::Task<Result<Checksums>> sums_of_file(io::Fd file, std::vector<DigestKind> kinds);

/// The kinds that there are sums of.
[[nodiscard]] std::vector<DigestKind> kinds_of(const Checksums& sums);

/// Whether what was computed is what was expected: checksum_mismatch, which names both.
[[nodiscard]] Status compare_sums(const Checksums& computed, const Checksums& expected);

}  // namespace leat::pipelines
