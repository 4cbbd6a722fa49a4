#pragma once

#include <cstdint>

namespace leat::io {

/// How an output stands.
enum class OutputState : std::uint8_t {
  open,
  closed,  // its reader went away, or it was abandoned: a quiet end, not an error
  failed,  // any other error
};

}  // namespace leat::io
