#pragma once

#include "engine/async/clock.hpp"

namespace leat::load {

/// The CPU time that this thread has used so far.
[[nodiscard]] async::Duration thread_cpu() noexcept;

/// How long this thread was ready to run while another one had its core; 0 if the kernel doesn't say.
[[nodiscard]] async::Duration thread_wait() noexcept;

/// The share that a time is of a whole; 0 of nothing.
[[nodiscard]] double ratio(async::Duration part, async::Duration whole) noexcept;

}  // namespace leat::load
