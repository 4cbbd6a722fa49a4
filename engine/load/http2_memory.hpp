#pragma once

#include <nghttp2/nghttp2.h>

namespace leat::load {

/// Has nghttp2 take its memory from the thread's block pool (engine/async/block_pool): what a request needs
/// is what the last one gave back. Any thread; a session stays on its own.
[[nodiscard]] nghttp2_mem* pooled_memory() noexcept;

}  // namespace leat::load
