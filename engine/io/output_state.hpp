#pragma once

#include <cstdint>

namespace leat::io {

/// The state of an output.
enum class OutputState : std::uint8_t {
  open,
  closed,  // its reader went away or it was abandoned: a quiet end and not an error
  failed,  // any other error
};

}  // namespace leat::io
