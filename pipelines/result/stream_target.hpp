#pragma once

#include <cstdint>
#include <string>

namespace leat::pipelines {

/// Where a save writes bodies to as a stream, one behind the other, in place of files of their own.
struct StreamTarget {
  enum class Kind : std::uint8_t {
    none,             // to files
    standard_output,  // "-", /dev/stdout
    nothing,          // the null device: bodies are counted and dropped
    node,             // another device, a FIFO, a descriptor of the process by its name in /dev
    socket,           // which can't be written to as a file
  };
  Kind kind = Kind::none;
  std::string path;
  bool operator==(const StreamTarget&) const = default;
};

/// Of a save's template: only one without fields names a stream, and only if that stands there already.
[[nodiscard]] StreamTarget stream_target_of(const std::string& file_template);

}  // namespace leat::pipelines
